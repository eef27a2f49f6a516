// Everything that visitors read, in English.
import type { LanguageTexts } from '../language-texts.ts';

const showTeacher = ['Show this page to your teacher.'];
const sendToDistrict = ['Send the message below, with your name, to your district’s Clever administrator.'];
const sendToSummit = ['Send the message below, with your name, to Summit K12 support.'];
const waitAMinute = ['Wait one minute.', 'Then try again.'];
const retryThenSupport = ['Wait a minute, then try again.', 'If it happens again, tell Summit K12 support.'];
const pressTheButton = ['Press the blue button.'];

export const english: LanguageTexts = {
  name: 'English',
  tag: 'en',
  direction: 'ltr',
  sentenceGap: ' ',
  comma: ', ',
  codes: {
    user_type_unsupported: {
      child: {
        heading: 'This login does not work here',
        what: 'It is not a student or school login.',
        steps: showTeacher,
      },
      adult: {
        heading: 'This kind of Clever login cannot open Summit K12',
        what: 'Summit K12 is for students, teachers, staff and administrators. Clever says that this login is of another kind, for example a family contact.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Clever gives this login a type that Summit K12 does not serve.',
        ask: 'Please check in Clever that it is shared as a student, teacher, staff member or administrator.',
      },
    },
    district_not_linked: {
      child: { heading: 'Your school is not ready yet', what: 'We do not know your school yet.', steps: showTeacher },
      adult: {
        heading: 'Your district is not connected to Summit K12 yet',
        what: 'Clever told us which district you belong to, but Summit K12 has not connected it yet.',
        steps: sendToSummit,
      },
      message: { what: 'Clever names a district that is not linked to a Summit K12 district.', ask: 'Please link it.' },
    },
    roster_pending: {
      child: {
        heading: 'Your class is not ready yet',
        what: 'Your school has not sent us the class list yet.',
        steps: ['Try again tomorrow.', 'You can show this page to your teacher.'],
      },
      adult: {
        heading: 'Your district’s roster is not here yet',
        what: 'Your district is connected, but Summit K12 has not received its roster. As soon as it arrives, you can sign in.',
        steps: [
          'Try again tomorrow.',
          'If it takes longer, send the message below to the person in your district who sends the rosters.',
        ],
      },
      message: { what: 'Summit K12 has not received the district’s roster yet.', ask: 'When will it be sent?' },
    },
    email_missing: {
      child: { heading: 'We need your school email', what: 'Clever did not send it to us.', steps: showTeacher },
      adult: {
        heading: 'Clever sent no email address for you',
        what: 'Summit K12 finds your account by your email address, and Clever did not give us one.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Clever gives Summit K12 no email address for this person.',
        ask: 'Please add the same address to Clever that the roster has, and share it with Summit K12.',
      },
    },
    email_invalid: {
      child: { heading: 'Your email has a mistake', what: 'The email in Clever is not right.', steps: showTeacher },
      adult: {
        heading: 'Your email address in Clever is not valid',
        what: 'What Clever sent as your email address is not one plain address, so Summit K12 cannot find your account by it.',
        steps: sendToDistrict,
      },
      message: {
        what: 'The email address that Clever holds for this person is not one plain address.',
        ask: 'Please correct it in Clever so that it equals the address in the roster.',
      },
    },
    ambiguous: {
      child: {
        heading: 'Two people are here as you',
        what: 'We do not know which one is you.',
        steps: showTeacher,
      },
      adult: {
        heading: 'The roster does not say which account is yours',
        what: 'More than one account in your district’s roster has your address, or the roster gives your account to two people. We do not guess which one is yours.',
        steps: sendToDistrict,
      },
      message: {
        what: 'More than one account in the district’s roster has this person’s email address, or the roster gives the id of their account to two people.',
        ask: 'Please give each account in the roster its own address, and each person their own id.',
      },
    },
    role_conflict: {
      child: {
        heading: 'Something does not match',
        what: 'Clever and our list are not the same.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Your role in Clever and in the roster do not match',
        what: 'Clever and your district’s roster give your address different roles: one says student, the other says school employee.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Clever and the roster give this email address different roles: one says student, the other says school employee.',
        ask: 'Please correct the one that is wrong.',
      },
    },
    account_inactive: {
      child: {
        heading: 'You are not on the list now',
        what: 'You were on our class list before.',
        steps: showTeacher,
      },
      adult: {
        heading: 'You are no longer in the roster',
        what: 'Your district’s newest roster does not list you any more, so your account is closed for now. It opens again when you are back in the roster.',
        steps: sendToDistrict,
      },
      message: {
        what: 'The newest roster for Summit K12 no longer lists this person.',
        ask: 'If that is a mistake, please add the person to the roster again.',
      },
    },
    email_mismatch: {
      child: {
        heading: 'Your email does not match',
        what: 'It is not the same in Clever and here.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Your email address in Clever and in the roster do not match',
        what: 'Summit K12 compares the two character by character.',
        steps: sendToDistrict,
      },
      message: {
        what: 'This person’s email address in Clever and in the roster for Summit K12 are not the same.',
        ask: 'Please make both exactly the same.',
      },
    },
    not_rostered: {
      child: { heading: 'We can’t find you yet', what: 'You are not on our class list.', steps: showTeacher },
      adult: {
        heading: 'You are not in the roster',
        what: 'No account in your district’s roster has your email address.',
        steps: sendToDistrict,
      },
      message: {
        what: 'The roster for Summit K12 has no account with this person’s email address from Clever.',
        ask: 'Please add the person, or correct the address, in the roster.',
      },
    },
    identity_changed: {
      child: { heading: 'We need to check your login', what: 'Your login is new to us.', steps: showTeacher },
      adult: {
        heading: 'We need to check that this account is yours',
        what: 'Your Clever login is not the one this account was opened with. To protect the account we stopped here.',
        steps: sendToSummit,
      },
      message: {
        what: 'The account and the Clever login are not linked to each other.',
        ask: 'Please check with the district that they belong to the same person, then release the link.',
      },
    },
    app_not_shared: {
      child: {
        heading: 'Summit K12 is not on for you',
        what: 'Your school did not turn it on yet.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Summit K12 is not shared in Clever',
        what: 'Clever says that the district has not given this app to this person.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Clever says that Summit K12 is not shared with this person.',
        ask: 'Please share the app with them in Clever.',
      },
    },
    clever_denied: {
      child: {
        heading: 'You are not signed in',
        what: 'Clever did not let you in this time.',
        steps: ['Try again.', 'If it does not work, ask your teacher.'],
      },
      adult: {
        heading: 'Clever ended this sign-in',
        what: 'Clever sent the browser back without a sign-in, for example because it was cancelled.',
        steps: ['Sign in again.', 'If it happens again, tell your district’s Clever administrator.'],
      },
      message: {
        what: 'Clever sent this person back without signing them in.',
        ask: 'Please check in Clever that the person may use Summit K12.',
      },
    },
    sign_in_expired: {
      child: { heading: 'Let’s start again', what: 'This sign-in is too old.', steps: pressTheButton },
      adult: {
        heading: 'This sign-in has run out',
        what: 'It was left open too long, was used already, or began in another browser. Nothing is broken.',
        steps: ['Start a new sign-in.'],
      },
      message: undefined,
    },
    cookies_blocked: {
      child: {
        heading: 'This browser forgets you',
        what: 'Cookies are off. We need them to sign you in.',
        steps: ['Ask your teacher to turn cookies on.', 'Then try again.'],
      },
      adult: {
        heading: 'This browser blocks our cookies',
        what: 'Summit K12 needs a cookie to keep a person signed in, and this browser did not keep it.',
        steps: [
          'Allow cookies for this site in the browser’s settings, or use another browser.',
          'Then sign in again.',
          'On a school device, your IT team may have to allow them.',
        ],
      },
      message: {
        what: 'The browser of a school device blocks the cookies of the Summit K12 sign-in.',
        ask: 'Please allow cookies for the address of this page.',
      },
    },
    malformed_request: {
      child: { heading: 'This link does not work', what: 'You can start again.', steps: pressTheButton },
      adult: {
        heading: 'This address is not complete or not right',
        what: 'The link that led here has parts that are missing, wrong, repeated or too long.',
        steps: ['Open Summit K12 from the Clever portal, or start a new sign-in here.'],
      },
      message: undefined,
    },
    clever_misconfigured: {
      child: { heading: 'We have to fix something', what: 'It is our mistake.', steps: showTeacher },
      adult: {
        heading: 'Summit K12 must correct its connection to Clever',
        what: 'Clever did not accept our side of the sign-in. You and your district did nothing wrong.',
        steps: sendToSummit,
      },
      message: {
        what: 'Clever does not accept the Summit K12 app, or sends no identity.',
        ask: 'Please check the app’s settings at Clever.',
      },
    },
    clever_rejected: {
      child: { heading: 'Clever had a problem', what: 'It may work if you try again.', steps: waitAMinute },
      adult: {
        heading: 'Clever’s answer could not be accepted',
        what: 'Clever did not confirm this sign-in in a way we can trust, so we stopped.',
        steps: retryThenSupport,
      },
      message: undefined,
    },
    clever_unavailable: {
      child: { heading: 'Clever is not answering', what: 'Clever needs a little time.', steps: waitAMinute },
      adult: {
        heading: 'Clever did not answer in time',
        what: 'We asked Clever to confirm the sign-in and got no answer.',
        steps: ['Wait a minute, then try again.', 'If it lasts, look at Clever’s status page.'],
      },
      message: undefined,
    },
    service_unavailable: {
      child: { heading: 'We can’t open Summit K12 now', what: 'It is our mistake.', steps: waitAMinute },
      adult: {
        heading: 'Summit K12 sign-in is not available right now',
        what: 'The trouble is on our side.',
        steps: retryThenSupport,
      },
      message: undefined,
    },
    rate_limited: {
      child: { heading: 'Please wait a little', what: 'There were too many tries.', steps: waitAMinute },
      adult: {
        heading: 'Too many sign-ins at once',
        what: 'There were very many tries in a short time, so we take a short break.',
        steps: ['Wait a minute, then try again.'],
      },
      message: undefined,
    },
  },
  asks: {
    account_inactive: {
      clever:
        'The roster comes from Clever. If that is a mistake, please share the person with the app SK12 Secure Sync in Clever’s dashboard again. Summit K12 reads Clever every night; no file has to be sent.',
      both: 'If that is a mistake, please add the person to the roster again. If this person’s roster comes from Clever: please share the person with the app SK12 Secure Sync in Clever’s dashboard again. Summit K12 reads Clever every night; no file has to be sent.',
      spreadsheet:
        'If that is a mistake, please add the person to the spreadsheet of teachers and staff for Summit K12 again. Clever sends Summit K12 the students alone.',
    },
    not_rostered: {
      clever:
        'The roster comes from Clever: please share the person with the app SK12 Secure Sync in Clever’s dashboard, and give the person’s record there a SIS id. Summit K12 reads Clever when the person signs in again, and every night; no file has to be sent.',
      both: 'Please add the person, or correct the address, in the roster. If this person’s roster comes from Clever: please share the person with the app SK12 Secure Sync in Clever’s dashboard, and give the person’s record there a SIS id. Summit K12 reads Clever when the person signs in again, and every night; no file has to be sent.',
      spreadsheet:
        'Please add the person, or correct the address, in the spreadsheet of teachers and staff for Summit K12. Clever sends Summit K12 the students alone.',
    },
  },
  asksByDifference: {
    no_email: 'Please give this person in the roster the same email address as in Clever.',
  },
  differences: {
    whitespace: { child: 'One has an extra space.', adult: 'One of them has an extra space.' },
    unicode: {
      child: 'One letter looks right, but it is not.',
      adult: 'One of them has a letter that looks right but is a different one, for example from another alphabet.',
    },
    case: {
      child: 'Big and small letters are mixed up.',
      adult: 'They differ only in capital and small letters.',
    },
    domain: {
      child: 'The part after the @ is different.',
      adult: 'They differ in the part after the @ sign.',
    },
    local_part: {
      child: 'The part before the @ is different.',
      adult: 'They differ in the part before the @ sign.',
    },
    other: { child: 'We have another email for you.', adult: 'They are two different addresses.' },
    no_email: { child: 'We have no email for you yet.', adult: 'The roster has this person without an email address.' },
  },
  sides: {
    clever: 'The unusual one is the address in Clever.',
    roster: 'The unusual one is the address in the roster.',
  },
  pages: {
    logIn: 'Log in with Clever',
    tryAgain: 'Try again',
    signOut: 'Sign out',
    language: 'Language',
    help: 'Summit K12 support',
    refusal: {
      nothingWrong: 'You did nothing wrong.',
      whoCanFix: 'Who can fix it',
      owners: {
        district: { child: 'Your school can fix it.', adult: 'Your district’s Clever administrator' },
        summit: { child: 'We can fix it.', adult: 'Summit K12 support' },
        clever: { child: 'Clever can fix it.', adult: 'Clever' },
        user: { child: 'Do this:', adult: 'The person who signs in' },
        wait: { child: 'We only have to wait.', adult: 'Nobody has to: it only takes time' },
      },
      address: 'Your address in Clever',
      notYou: {
        child: 'Not you?',
        adult:
          'Not your address? Then someone else is still logged in to Clever on this device. Log out at clever.com and start again.',
      },
      steps: 'What to do',
      reference: { child: 'Your code', adult: 'Reference' },
      referenceUse: 'Support finds this sign-in by it.',
      message: 'Message to send',
      messageOpening: 'A sign-in to Summit K12 with Clever did not work.',
      messageAddress: 'Address in Clever',
      messageDistrict: 'District',
      messageDate: 'Date',
      copy: 'Copy the message',
      copied: 'Copied',
      writeEmail: 'Send it by email',
      forTeacher: 'For the teacher',
      forAdults: 'For teachers and other adults',
      forTeacherSend: {
        district: 'Please send this, with the student’s name, to your district’s Clever administrator:',
        summit: 'Please send this, with the student’s name, to Summit K12 support:',
        school: 'Please send this to your school’s IT team:',
      },
      pictures: {
        district: 'A list with a magnifying glass',
        summit: 'A gear',
        clever: 'A cloud',
        user: 'An arrow that goes around',
        wait: 'A clock',
      },
    },
    start: { heading: 'One more tap', what: 'Press the button. Clever signs you in to Summit K12.' },
    home: {
      heading: 'Welcome to Summit K12',
      what: 'Sign in with your school’s Clever account.',
      help: 'You don’t know your Clever login? Ask your teacher or your school office.',
    },
    signedIn: {
      title: 'You are signed in',
      greeting: 'Hello',
      picture: 'A friendly face',
      roles: { student: 'Student', teacher: 'Teacher', staff: 'Staff', administrator: 'Administrator' },
      goOn: 'Go to Summit K12',
      district: 'Your district’s sign-ins',
      notYou: { child: 'Not you? Sign out here', adult: 'Not you? Sign out here' },
    },
    signedOut: {
      heading: 'You are signed out',
      what: 'Summit K12 is closed on this device.',
      picture: 'A door',
      sharedHeading: 'Does someone else use this device?',
      sharedWhy: 'You may still be logged in to Clever. The next person could open your things.',
      sharedSteps: ['Go to clever.com.', 'Press your name, then “Log out”.', 'Close the browser.'],
      leaveClever: 'Go to clever.com',
    },
    notFound: { heading: 'This page does not exist', what: 'The link may be old or not complete.' },
    otherMethod: {
      heading: 'This page cannot be used that way',
      what: 'Nothing was changed. Go to the start page and try again there.',
    },
    forbidden: {
      heading: 'We did not do that',
      what: 'The request did not come from a page of Summit K12. Go to the start page and try again there.',
    },
    goHome: 'Go to the start page',
  },
};
