// English for every refusal. Children: very short sentences, no word a seven-year-old has not met. Employees: what is
// wrong, and what to ask of whom. Nothing here is about another person.
import type { ProblemTexts } from './problem-texts.ts';

const showTeacher = ['Show this page to your teacher.'];
const showSchool = ['Show this page to your teacher or your school office.'];
const sendToDistrict = ['Send the message below, with your name, to your district’s Clever administrator.'];
const sendToSummit = ['Send the message below, with your name, to Summit K12 support.'];
const waitAMinute = ['Wait one minute.', 'Then try again.'];
const retryThenSupport = ['Wait a minute, then try again.', 'If it happens again, tell Summit K12 support.'];
const retryThenSchool = ['Wait a minute, then try again.', 'If it happens again, tell your teacher or your school.'];

const readByItself = 'Summit K12 reads Clever when the person signs in again, and every night; no file has to be sent.';
// Who left is not read again at the door.
const readAtNight = 'Summit K12 reads Clever every night; no file has to be sent.';

export const english = {
  codes: {
    user_type_unsupported: {
      student: { heading: 'This login does not work here', what: 'It is not a student login.', steps: showTeacher },
      employee: {
        heading: 'This kind of Clever login cannot open Summit K12',
        what: 'Summit K12 is for students, teachers, staff and administrators. Clever says that this login is of another kind, for example a family contact.',
        steps: sendToDistrict,
      },
      unknown: {
        heading: 'This login cannot open Summit K12',
        what: 'Summit K12 is for students and school staff. Clever says that this login is of another kind.',
        steps: showSchool,
      },
      message: {
        what: 'Clever gives this login a type that Summit K12 does not serve.',
        ask: 'Please check in Clever that it is shared as a student, teacher, staff member or administrator.',
      },
    },
    district_not_linked: {
      student: { heading: 'Your school is not ready yet', what: 'We do not know your school yet.', steps: showTeacher },
      employee: {
        heading: 'Your district is not connected to Summit K12 yet',
        what: 'Clever told us which district you belong to, but Summit K12 has not connected it yet.',
        steps: sendToSummit,
      },
      unknown: {
        heading: 'Your district is not connected yet',
        what: 'Summit K12 does not know your school district yet.',
        steps: showSchool,
      },
      message: {
        what: 'Clever names a district that is not linked to a Summit K12 district.',
        ask: 'Please link it.',
      },
    },
    roster_pending: {
      student: {
        heading: 'Your class is not ready yet',
        what: 'Your school has not sent us the class list yet.',
        steps: ['Try again tomorrow.', 'You can show this page to your teacher.'],
      },
      employee: {
        heading: 'Your district’s roster is not here yet',
        what: 'Your district is connected, but Summit K12 has not received its roster. As soon as it arrives, you can sign in.',
        steps: [
          'Try again tomorrow.',
          'If it takes longer, send the message below to the person in your district who sends the rosters.',
        ],
      },
      unknown: {
        heading: 'The class list is not here yet',
        what: 'Your district has not sent its class lists to Summit K12 yet.',
        steps: ['Try again tomorrow.', 'If it takes longer, tell your teacher or your school office.'],
      },
      message: {
        what: 'Summit K12 has not received the district’s roster yet.',
        ask: 'When will it be sent?',
      },
    },
    email_missing: {
      student: { heading: 'We need your school email', what: 'Clever did not send it to us.', steps: showTeacher },
      employee: {
        heading: 'Clever sent no email address for you',
        what: 'Summit K12 finds your account by your email address, and Clever did not give us one.',
        steps: sendToDistrict,
      },
      unknown: {
        heading: 'Clever sent no email address',
        what: 'Summit K12 finds an account by its email address. Clever did not give us one.',
        steps: showSchool,
      },
      message: {
        what: 'Clever gives Summit K12 no email address for this person.',
        ask: 'Please add the same address to Clever that the roster has, and share it with Summit K12.',
      },
    },
    email_invalid: {
      student: { heading: 'Your email has a mistake', what: 'The email in Clever is not right.', steps: showTeacher },
      employee: {
        heading: 'Your email address in Clever is not valid',
        what: 'What Clever sent as your email address is not one plain address, so Summit K12 cannot find your account by it.',
        steps: sendToDistrict,
      },
      unknown: {
        heading: 'The email address in Clever is not valid',
        what: 'What Clever sent as the email address is not one plain address.',
        steps: showSchool,
      },
      message: {
        what: 'The email address that Clever holds for this person is not one plain address.',
        ask: 'Please correct it so that it equals the address in the roster.',
      },
    },
    ambiguous: {
      student: {
        heading: 'Your email is here two times',
        what: 'We do not know which one is you.',
        steps: showTeacher,
      },
      employee: {
        heading: 'Your email address is in the roster more than once',
        what: 'More than one account in your district’s roster has your address. We do not guess which one is yours.',
        steps: sendToDistrict,
      },
      unknown: {
        heading: 'This email address is in the roster more than once',
        what: 'More than one account has this address. We do not guess which one is right.',
        steps: showSchool,
      },
      message: {
        what: 'More than one account in the district’s roster has this person’s email address.',
        ask: 'Please give each account its own address.',
      },
    },
    role_conflict: {
      student: {
        heading: 'Something does not match',
        what: 'Clever and our list are not the same.',
        steps: showTeacher,
      },
      employee: {
        heading: 'Your role in Clever and in the roster do not match',
        what: 'Clever and your district’s roster give your address different roles: one says student, the other says school employee.',
        steps: sendToDistrict,
      },
      unknown: {
        heading: 'The role in Clever and in the roster do not match',
        what: 'One of them says student, the other says school employee.',
        steps: showSchool,
      },
      message: {
        what: 'Clever and the roster give this email address different roles: one says student, the other says school employee.',
        ask: 'Please correct the one that is wrong.',
      },
    },
    account_inactive: {
      student: {
        heading: 'You are not on the list now',
        what: 'You were on our class list before.',
        steps: showTeacher,
      },
      employee: {
        heading: 'You are no longer in the roster',
        what: 'Your district’s newest roster does not list you any more, so your account is closed for now. It opens again when you are back in the roster.',
        steps: sendToDistrict,
      },
      unknown: {
        heading: 'This account is no longer in the roster',
        what: 'The district’s newest roster does not list it any more.',
        steps: showSchool,
      },
      message: {
        what: 'The newest roster for Summit K12 no longer lists this person.',
        ask: 'If that is a mistake, please add the person to the roster again.',
      },
    },
    email_mismatch: {
      student: {
        heading: 'Your email does not match',
        what: 'It is not the same in Clever and here.',
        steps: showTeacher,
      },
      employee: {
        heading: 'Your email address in Clever and in the roster do not match',
        what: 'Summit K12 compares the two character by character.',
        steps: sendToDistrict,
      },
      unknown: {
        heading: 'The email address does not match',
        what: 'The address in Clever and the one in the roster must be exactly the same.',
        steps: showSchool,
      },
      message: {
        what: 'This person’s email address in Clever and in the roster for Summit K12 are not the same.',
        ask: 'Please make both exactly the same.',
      },
    },
    not_rostered: {
      student: { heading: 'We can’t find you yet', what: 'You are not on our class list.', steps: showTeacher },
      employee: {
        heading: 'You are not in the roster',
        what: 'No account in your district’s roster has your email address.',
        steps: sendToDistrict,
      },
      unknown: {
        heading: 'We did not find this account',
        what: 'No account in the district’s roster has this email address.',
        steps: showSchool,
      },
      message: {
        what: 'The roster for Summit K12 has no account with this person’s email address from Clever.',
        ask: 'Please add the person, or correct the address, in the roster.',
      },
    },
    identity_changed: {
      student: {
        heading: 'We need to check your login',
        what: 'Your login is new to us. You did nothing wrong.',
        steps: showTeacher,
      },
      employee: {
        heading: 'We need to check that this account is yours',
        what: 'Your Clever login is not the one this account was opened with. To protect the account we stopped here.',
        steps: sendToSummit,
      },
      unknown: {
        heading: 'We need to check this account',
        what: 'The Clever login is not the one this account was opened with. To protect the account we stopped here.',
        steps: showSchool,
      },
      message: {
        what: 'The account and the Clever login are not linked to each other.',
        ask: 'Please check with the district that they belong to the same person, then release the link.',
      },
    },
    app_not_shared: {
      student: {
        heading: 'Summit K12 is not on for you',
        what: 'Your school did not turn it on yet.',
        steps: showTeacher,
      },
      employee: {
        heading: 'Summit K12 is not shared with you in Clever',
        what: 'Clever says that your district has not given you this app.',
        steps: sendToDistrict,
      },
      unknown: {
        heading: 'Summit K12 is not shared with you in Clever',
        what: 'Clever says that your district has not given you this app.',
        steps: showSchool,
      },
      message: {
        what: 'Clever says that Summit K12 is not shared with this person.',
        ask: 'Please share the app with them in Clever.',
      },
    },
    clever_denied: {
      student: {
        heading: 'You are not signed in',
        what: 'Clever did not let you in this time.',
        steps: ['Try again.'],
      },
      employee: {
        heading: 'Clever ended this sign-in',
        what: 'Clever sent you back without signing you in, for example because it was cancelled.',
        steps: ['Sign in again.', 'If it happens again, tell your district’s Clever administrator.'],
      },
      unknown: {
        heading: 'Clever ended this sign-in',
        what: 'Clever sent you back without signing you in.',
        steps: ['Sign in again.', 'If it happens again, tell your teacher or your school office.'],
      },
      message: undefined,
    },
    sign_in_expired: {
      student: { heading: 'Let’s start again', what: 'This sign-in is too old.', steps: ['Press the blue button.'] },
      employee: {
        heading: 'This sign-in has run out',
        what: 'It was left open too long, was used already, or began in another browser. Nothing is broken.',
        steps: ['Start a new sign-in.'],
      },
      unknown: {
        heading: 'Let’s start again',
        what: 'This sign-in is too old, or was used already. Nothing is broken.',
        steps: ['Press the button to sign in.'],
      },
      message: undefined,
    },
    cookies_blocked: {
      student: {
        heading: 'This browser forgets you',
        what: 'Cookies are off. We need them to sign you in.',
        steps: ['Ask your teacher to turn cookies on.', 'Then try again.'],
      },
      employee: {
        heading: 'This browser blocks our cookies',
        what: 'Summit K12 needs a cookie to keep you signed in, and this browser did not keep it.',
        steps: [
          'Allow cookies for this site in the browser’s settings, or use another browser.',
          'Then sign in again.',
          'On a school device, your IT team may have to allow them.',
        ],
      },
      unknown: {
        heading: 'This browser blocks our cookies',
        what: 'Summit K12 needs a cookie to keep you signed in.',
        steps: ['Turn cookies on, or use another browser. A teacher can help.', 'Then sign in again.'],
      },
      message: undefined,
    },
    malformed_request: {
      student: { heading: 'This link does not work', what: 'You can start again.', steps: ['Press the blue button.'] },
      employee: {
        heading: 'This address is not complete or not right',
        what: 'The link that brought you here has parts that are missing, wrong, repeated or too long.',
        steps: ['Open Summit K12 from your Clever portal, or start a new sign-in here.'],
      },
      unknown: {
        heading: 'This link does not work',
        what: 'Some part of it is missing, wrong, repeated or too long.',
        steps: ['Open Summit K12 from Clever, or press the button to sign in.'],
      },
      message: undefined,
    },
    clever_misconfigured: {
      student: { heading: 'We have to fix something', what: 'You did nothing wrong.', steps: showTeacher },
      employee: {
        heading: 'Summit K12 must correct its connection to Clever',
        what: 'Clever did not accept our side of the sign-in. You and your district did nothing wrong.',
        steps: sendToSummit,
      },
      unknown: {
        heading: 'Summit K12 has to fix something',
        what: 'Our connection to Clever does not work. You did nothing wrong.',
        steps: showSchool,
      },
      message: {
        what: 'Clever does not accept the Summit K12 app, or sends no identity.',
        ask: 'Please check the app’s settings at Clever.',
      },
    },
    clever_rejected: {
      student: { heading: 'Clever had a problem', what: 'You did nothing wrong.', steps: waitAMinute },
      employee: {
        heading: 'Clever’s answer could not be accepted',
        what: 'Clever did not confirm this sign-in in a way we can trust, so we stopped.',
        steps: retryThenSupport,
      },
      unknown: {
        heading: 'Clever could not finish the sign-in',
        what: 'You did nothing wrong.',
        steps: retryThenSchool,
      },
      message: undefined,
    },
    clever_unavailable: {
      student: { heading: 'Clever is not answering', what: 'You did nothing wrong.', steps: waitAMinute },
      employee: {
        heading: 'Clever is not answering',
        what: 'We asked Clever to confirm your sign-in and got no answer in time.',
        steps: ['Wait a minute, then try again.', 'If it lasts, look at Clever’s status page.'],
      },
      unknown: {
        heading: 'Clever is not answering',
        what: 'You did nothing wrong.',
        steps: retryThenSchool,
      },
      message: undefined,
    },
    service_unavailable: {
      student: { heading: 'We can’t open this now', what: 'You did nothing wrong.', steps: waitAMinute },
      employee: {
        heading: 'Summit K12 sign-in is not available right now',
        what: 'The trouble is on our side.',
        steps: retryThenSupport,
      },
      unknown: {
        heading: 'Sign-in is not available right now',
        what: 'The trouble is on our side. You did nothing wrong.',
        steps: retryThenSchool,
      },
      message: undefined,
    },
    rate_limited: {
      student: { heading: 'Please wait a little', what: 'There were too many tries.', steps: waitAMinute },
      employee: {
        heading: 'Too many sign-ins at once',
        what: 'There were very many tries in a short time, so we take a short break.',
        steps: ['Wait a minute, then try again.'],
      },
      unknown: {
        heading: 'Please wait a little',
        what: 'There were too many tries in a short time.',
        steps: ['Wait a minute, then try again.'],
      },
      message: undefined,
    },
  },
  asks: {
    not_rostered: {
      clever: `The roster comes from Clever: please share the person with the app SK12 Secure Sync in Clever’s dashboard, and give the person’s record there a SIS id. ${readByItself}`,
      both: `Please add the person, or correct the address, in the roster. If this person’s roster comes from Clever: please share the person with the app SK12 Secure Sync in Clever’s dashboard, and give the person’s record there a SIS id. ${readByItself}`,
      spreadsheet:
        'Please add the person, or correct the address, in the spreadsheet of teachers and staff for Summit K12. Clever sends Summit K12 the students alone.',
    },
    account_inactive: {
      clever: `The roster comes from Clever. If that is a mistake, please share the person with the app SK12 Secure Sync in Clever’s dashboard again. ${readAtNight}`,
      both: `If that is a mistake, please add the person to the roster again. If this person’s roster comes from Clever: please share the person with the app SK12 Secure Sync in Clever’s dashboard again. ${readAtNight}`,
      spreadsheet:
        'If that is a mistake, please add the person to the spreadsheet of teachers and staff for Summit K12 again. Clever sends Summit K12 the students alone.',
    },
  },
  differences: {
    whitespace: {
      student: 'One has an extra space.',
      employee: 'One of them has an extra space.',
      unknown: 'One of them has an extra space.',
    },
    unicode: {
      student: 'One letter looks right, but it is not.',
      employee: 'One of them has a letter that looks right but is a different one, for example from another alphabet.',
      unknown: 'One of them has a letter that looks right but is a different one.',
    },
    case: {
      student: 'Big and small letters are mixed up.',
      employee: 'They differ only in capital and small letters.',
      unknown: 'They differ only in capital and small letters.',
    },
    domain: {
      student: 'The part after the @ is different.',
      employee: 'They differ in the part after the @ sign.',
      unknown: 'They differ in the part after the @ sign.',
    },
    local_part: {
      student: 'The part before the @ is different.',
      employee: 'They differ in the part before the @ sign.',
      unknown: 'They differ in the part before the @ sign.',
    },
    other: {
      student: 'We have another email for you.',
      employee: 'They are two different addresses.',
      unknown: 'They are two different addresses.',
    },
  },
} satisfies ProblemTexts;
