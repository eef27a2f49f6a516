// Everything that visitors read, in Haitian Creole.
import type { LanguageTexts } from '../language-texts.ts';

const showTeacher = ['Montre pwofesè w paj sa a.'];
const sendToDistrict = ['Voye mesaj ki anba a, ak non w, bay administratè Clever distri w la.'];
const sendToSummit = ['Voye mesaj ki anba a, ak non w, bay sipò Summit K12.'];
const waitAMinute = ['Tann yon minit.', 'Apre sa, eseye ankò.'];
const retryThenSupport = ['Tann yon minit, epi eseye ankò.', 'Si sa rive ankò, di sipò Summit K12 sa.'];
const pressTheButton = ['Peze bouton ble a.'];

export const haitianCreole: LanguageTexts = {
  name: 'Kreyòl ayisyen',
  tag: 'ht',
  direction: 'ltr',
  sentenceGap: ' ',
  comma: ', ',
  codes: {
    user_type_unsupported: {
      child: {
        heading: 'Kont sa a pa mache isit la',
        what: 'Se pa yon kont elèv ni kont lekòl.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Kalite kont Clever sa a pa ka louvri Summit K12',
        what: 'Summit K12 se pou elèv, pwofesè, anplwaye ak administratè. Clever di kont sa a se yon lòt kalite, pa egzanp yon kontak fanmi.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Clever bay kont sa a yon kalite itilizatè Summit K12 pa sèvi.',
        ask: 'Tanpri, tcheke nan Clever si yo pataje l kòm elèv, pwofesè, anplwaye oswa administratè.',
      },
    },
    district_not_linked: {
      child: { heading: 'Lekòl ou poko pare', what: 'Nou poko konnen lekòl ou.', steps: showTeacher },
      adult: {
        heading: 'Distri w la poko konekte ak Summit K12',
        what: 'Clever di nou nan ki distri ou ye, men Summit K12 poko konekte l.',
        steps: sendToSummit,
      },
      message: {
        what: 'Clever bay non yon distri ki pa konekte ak okenn distri Summit K12.',
        ask: 'Tanpri, konekte l.',
      },
    },
    roster_pending: {
      child: {
        heading: 'Klas ou poko pare',
        what: 'Lekòl ou poko voye lis klas la ban nou.',
        steps: ['Eseye ankò demen.', 'Ou ka montre pwofesè w paj sa a.'],
      },
      adult: {
        heading: 'Lis distri w la poko rive',
        what: 'Distri w la konekte, men Summit K12 poko resevwa lis li a (roster). Lè l rive, w ap ka konekte.',
        steps: [
          'Eseye ankò demen.',
          'Si sa pran plis tan, voye mesaj ki anba a bay moun ki voye lis yo nan distri w la.',
        ],
      },
      message: { what: 'Summit K12 poko resevwa lis distri a (roster).', ask: 'Kilè distri a ap voye l?' },
    },
    email_missing: {
      child: { heading: 'Nou bezwen imèl lekòl ou', what: 'Clever pa voye l ban nou.', steps: showTeacher },
      adult: {
        heading: 'Clever pa voye adrès imèl ou',
        what: 'Summit K12 jwenn kont ou ak adrès imèl ou, epi Clever pa ban nou okenn.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Clever pa bay Summit K12 adrès imèl moun sa a.',
        ask: 'Tanpri, mete nan Clever menm adrès ki nan lis la (roster), epi pataje l ak Summit K12.',
      },
    },
    email_invalid: {
      child: { heading: 'Gen yon erè nan imèl ou', what: 'Imèl ki nan Clever a pa bon.', steps: showTeacher },
      adult: {
        heading: 'Adrès imèl ou nan Clever pa valab',
        what: 'Sa Clever voye kòm adrès imèl ou se pa yon sèl adrès konplè, kidonk Summit K12 pa ka jwenn kont ou.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Adrès imèl Clever gen pou moun sa a se pa yon sèl adrès konplè.',
        ask: 'Tanpri, korije l nan Clever pou l menm ak adrès ki nan lis la (roster).',
      },
    },
    ambiguous: {
      child: { heading: 'Nou jwenn de moun olye youn', what: 'Nou pa konnen kiyès ki ou.', steps: showTeacher },
      adult: {
        heading: 'Lis la pa di ki kont ki pa w',
        what: 'Plis pase yon kont nan lis distri w la (roster) gen adrès ou, oswa lis la bay de moun kont ou a. Nou pa devine kiyès ki pa w.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Plis pase yon kont nan lis distri a (roster) gen adrès imèl moun sa a, oswa lis la bay de moun id kont sa a.',
        ask: 'Tanpri, bay chak kont nan lis la pwòp adrès pa l, epi chak moun pwòp id pa l.',
      },
    },
    role_conflict: {
      child: { heading: 'Gen yon bagay ki pa koresponn', what: 'Clever ak lis nou an pa menm.', steps: showTeacher },
      adult: {
        heading: 'Wòl ou nan Clever ak nan lis la pa menm',
        what: 'Clever ak lis distri w la (roster) bay adrès ou wòl diferan: youn di elèv, lòt la di anplwaye lekòl.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Clever ak lis la (roster) bay adrès imèl sa a wòl diferan: youn di elèv, lòt la di anplwaye lekòl.',
        ask: 'Tanpri, korije sa ki pa bon an.',
      },
    },
    account_inactive: {
      child: { heading: 'Ou pa nan lis la kounye a', what: 'Anvan, ou te nan lis klas la.', steps: showTeacher },
      adult: {
        heading: 'Ou pa nan lis la ankò',
        what: 'Dènye lis distri w la (roster) pa gen non w ankò, kidonk kont ou fèmen pou kounye a. L ap louvri ankò lè w retounen nan lis la.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Dènye lis pou Summit K12 (roster) pa gen moun sa a ankò.',
        ask: 'Si se yon erè, tanpri remete moun nan nan lis la.',
      },
    },
    email_mismatch: {
      child: { heading: 'Imèl ou pa koresponn', what: 'Li pa menm nan Clever ak isit la.', steps: showTeacher },
      adult: {
        heading: 'Adrès imèl ou nan Clever ak nan lis la pa menm',
        what: 'Summit K12 konpare yo lèt pa lèt.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Adrès imèl moun sa a nan Clever ak nan lis pou Summit K12 (roster) pa menm.',
        ask: 'Tanpri, fè toude egzakteman menm.',
      },
    },
    not_rostered: {
      child: { heading: 'Nou poko jwenn ou', what: 'Ou pa nan lis klas nou an.', steps: showTeacher },
      adult: {
        heading: 'Ou pa nan lis la',
        what: 'Pa gen okenn kont nan lis distri w la (roster) ki gen adrès imèl ou.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Lis pou Summit K12 (roster) pa gen okenn kont ki gen adrès imèl moun sa a gen nan Clever.',
        ask: 'Tanpri, ajoute moun nan, oswa korije adrès la, nan lis la.',
      },
    },
    identity_changed: {
      child: { heading: 'Nou dwe tcheke kont ou', what: 'Kont Clever ou nouvo pou nou.', steps: showTeacher },
      adult: {
        heading: 'Nou dwe tcheke si kont sa a se pa w',
        what: 'Kont Clever ou a se pa sa ki te louvri kont sa a. Pou pwoteje kont lan, nou kanpe isit la.',
        steps: sendToSummit,
      },
      message: {
        what: 'Kont lan ak itilizatè Clever a pa konekte youn ak lòt.',
        ask: 'Tanpri, tcheke ak distri a si se menm moun nan, epi lage koneksyon an.',
      },
    },
    app_not_shared: {
      child: {
        heading: 'Summit K12 poko louvri pou ou',
        what: 'Lekòl ou poko limen l.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Yo pa pataje Summit K12 nan Clever',
        what: 'Clever di distri a poko bay moun sa a aplikasyon sa a.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Clever di yo pa pataje Summit K12 ak moun sa a.',
        ask: 'Tanpri, pataje aplikasyon an ak li nan Clever.',
      },
    },
    clever_denied: {
      child: {
        heading: 'Ou poko konekte',
        what: 'Clever pa kite w antre fwa sa a.',
        steps: ['Eseye ankò.', 'Si sa pa mache, mande pwofesè w.'],
      },
      adult: {
        heading: 'Clever kanpe koneksyon sa a',
        what: 'Clever voye navigatè a tounen san l pa konekte, pa egzanp paske yo te anile l.',
        steps: ['Konekte ankò.', 'Si sa rive ankò, di administratè Clever distri w la sa.'],
      },
      message: {
        what: 'Clever voye moun sa a tounen san l pa konekte l.',
        ask: 'Tanpri, tcheke nan Clever si moun nan gen dwa sèvi ak Summit K12.',
      },
    },
    sign_in_expired: {
      child: { heading: 'Ann rekòmanse', what: 'Twòp tan pase.', steps: pressTheButton },
      adult: {
        heading: 'Tan koneksyon sa a fini',
        what: 'Li te rete louvri twò lontan, yo te deja sèvi ak li, oswa li te kòmanse nan yon lòt navigatè. Pa gen anyen ki kase.',
        steps: ['Kòmanse yon nouvo koneksyon.'],
      },
      message: undefined,
    },
    cookies_blocked: {
      child: {
        heading: 'Navigatè sa a bliye w',
        what: 'Cookies yo etenn. Nou bezwen yo pou w antre.',
        steps: ['Mande pwofesè w limen cookies yo.', 'Apre sa, eseye ankò.'],
      },
      adult: {
        heading: 'Navigatè sa a bloke cookies nou yo',
        what: 'Summit K12 bezwen yon cookie pou kenbe moun nan konekte, epi navigatè sa a pa sere l.',
        steps: [
          'Pèmèt cookies pou sit sa a nan paramèt navigatè a, oswa sèvi ak yon lòt navigatè.',
          'Apre sa, konekte ankò.',
          'Sou yon aparèy lekòl, ekip teknoloji a ka dwe pèmèt yo.',
        ],
      },
      message: {
        what: 'Navigatè yon aparèy lekòl bloke cookies koneksyon Summit K12 la.',
        ask: 'Tanpri, pèmèt cookies pou adrès paj sa a.',
      },
    },
    malformed_request: {
      child: { heading: 'Lyen sa a pa mache', what: 'Ou ka rekòmanse.', steps: pressTheButton },
      adult: {
        heading: 'Adrès sa a pa konplè oswa pa kòrèk',
        what: 'Lyen ki mennen isit la gen pati ki manke, ki pa bon, ki repete oswa ki twò long.',
        steps: ['Louvri Summit K12 nan pòtay Clever la, oswa kòmanse yon nouvo koneksyon isit la.'],
      },
      message: undefined,
    },
    clever_misconfigured: {
      child: { heading: 'Nou dwe ranje yon bagay', what: 'Se erè pa nou.', steps: showTeacher },
      adult: {
        heading: 'Summit K12 dwe korije koneksyon l ak Clever',
        what: 'Clever pa aksepte pati pa nou nan koneksyon an. Ni ou ni distri w la pa fè anyen mal.',
        steps: sendToSummit,
      },
      message: {
        what: 'Clever pa aksepte aplikasyon Summit K12 la, oswa li pa voye idantite.',
        ask: 'Tanpri, tcheke paramèt aplikasyon an nan Clever.',
      },
    },
    clever_rejected: {
      child: { heading: 'Clever te gen yon pwoblèm', what: 'Li ka mache si w eseye ankò.', steps: waitAMinute },
      adult: {
        heading: 'Nou pa t ka aksepte repons Clever a',
        what: 'Clever pa konfime koneksyon sa a yon fason nou ka fè konfyans, kidonk nou kanpe.',
        steps: retryThenSupport,
      },
      message: undefined,
    },
    clever_unavailable: {
      child: { heading: 'Clever pa reponn', what: 'Clever bezwen yon ti tan.', steps: waitAMinute },
      adult: {
        heading: 'Clever pa reponn alè',
        what: 'Nou mande Clever konfime koneksyon an epi li pa reponn.',
        steps: ['Tann yon minit, epi eseye ankò.', 'Si sa kontinye, gade paj estati Clever a.'],
      },
      message: undefined,
    },
    service_unavailable: {
      child: { heading: 'Nou pa ka louvri Summit K12 kounye a', what: 'Se erè pa nou.', steps: waitAMinute },
      adult: {
        heading: 'Koneksyon Summit K12 la pa disponib kounye a',
        what: 'Pwoblèm nan se bò kote pa nou.',
        steps: retryThenSupport,
      },
      message: undefined,
    },
    rate_limited: {
      child: { heading: 'Tanpri tann yon ti kras', what: 'Yo eseye twòp fwa.', steps: waitAMinute },
      adult: {
        heading: 'Twòp koneksyon an menm tan',
        what: 'Yo eseye anpil fwa nan yon ti tan, kidonk nou pran yon ti poz.',
        steps: ['Tann yon minit, epi eseye ankò.'],
      },
      message: undefined,
    },
  },
  asks: {
    account_inactive: {
      clever:
        'Lis la soti nan Clever. Si se yon erè, tanpri pataje moun nan ankò ak aplikasyon SK12 Secure Sync nan tablo Clever la. Summit K12 li Clever chak nwit; pa gen okenn fichye pou voye.',
      both: 'Si se yon erè, tanpri remete moun nan nan lis la. Si lis moun sa a soti nan Clever: tanpri pataje moun nan ankò ak aplikasyon SK12 Secure Sync nan tablo Clever la. Summit K12 li Clever chak nwit; pa gen okenn fichye pou voye.',
      spreadsheet:
        'Si se yon erè, tanpri remete moun nan nan fèy kalkil pwofesè ak anplwaye pou Summit K12. Clever voye sèlman elèv yo bay Summit K12.',
    },
    not_rostered: {
      clever:
        'Lis la soti nan Clever: tanpri pataje moun nan ak aplikasyon SK12 Secure Sync nan tablo Clever la, epi mete yon nimewo SIS (SIS id) nan dosye l. Summit K12 li Clever lè moun nan konekte ankò, ak chak nwit; pa gen okenn fichye pou voye.',
      both: 'Tanpri, ajoute moun nan, oswa korije adrès la, nan lis la. Si lis moun sa a soti nan Clever: tanpri pataje moun nan ak aplikasyon SK12 Secure Sync nan tablo Clever la, epi mete yon nimewo SIS (SIS id) nan dosye l. Summit K12 li Clever lè moun nan konekte ankò, ak chak nwit; pa gen okenn fichye pou voye.',
      spreadsheet:
        'Tanpri, ajoute moun nan, oswa korije adrès la, nan fèy kalkil pwofesè ak anplwaye pou Summit K12. Clever voye sèlman elèv yo bay Summit K12.',
    },
  },
  asksByDifference: {
    no_email: 'Tanpri, mete nan lis la (roster) menm adrès imèl moun sa a genyen nan Clever.',
  },
  differences: {
    whitespace: { child: 'Youn gen yon espas anplis.', adult: 'Youn nan yo gen yon espas anplis.' },
    unicode: {
      child: 'Yon lèt sanble bon, men li pa bon.',
      adult: 'Youn nan yo gen yon lèt ki sanble bon men ki se yon lòt, pa egzanp nan yon lòt alfabè.',
    },
    case: { child: 'Gwo lèt ak ti lèt melanje.', adult: 'Yo diferan sèlman nan lèt majiskil ak miniskil.' },
    domain: { child: 'Pati apre @ a diferan.', adult: 'Yo diferan nan pati ki apre @ a.' },
    local_part: { child: 'Pati anvan @ a diferan.', adult: 'Yo diferan nan pati ki anvan @ a.' },
    other: { child: 'Nou gen yon lòt imèl pou ou.', adult: 'Se de adrès diferan.' },
    no_email: { child: 'Nou poko gen imèl ou.', adult: 'Nan lis la, moun sa a pa gen adrès imèl.' },
  },
  sides: {
    clever: 'Sa ki pa nòmal la se adrès ki nan Clever a.',
    roster: 'Sa ki pa nòmal la se adrès ki nan lis la (roster).',
  },
  pages: {
    logIn: 'Konekte ak Clever',
    tryAgain: 'Eseye ankò',
    signOut: 'Dekonekte',
    language: 'Lang',
    help: 'Sipò Summit K12',
    refusal: {
      nothingWrong: 'Ou pa fè anyen mal.',
      whoCanFix: 'Kiyès ki ka ranje l',
      owners: {
        district: { child: 'Lekòl ou ka ranje sa.', adult: 'Administratè Clever distri w la' },
        summit: { child: 'Nou ka ranje sa.', adult: 'Sipò Summit K12' },
        clever: { child: 'Clever ka ranje sa.', adult: 'Clever' },
        user: { child: 'Men sa pou w fè:', adult: 'Moun k ap konekte a' },
        wait: { child: 'Nou jis dwe tann.', adult: 'Pèsonn: se tan sèlman ki manke' },
      },
      address: 'Adrès ou nan Clever',
      notYou: {
        child: 'Se pa ou?',
        adult:
          'Se pa adrès ou? Ebyen yon lòt moun toujou konekte nan Clever sou aparèy sa a. Dekonekte sou clever.com epi rekòmanse.',
      },
      steps: 'Sa pou fè',
      reference: { child: 'Kòd ou', adult: 'Referans' },
      referenceUse: 'Sipò jwenn koneksyon sa a ak li.',
      message: 'Mesaj pou voye',
      messageOpening: 'Yon koneksyon nan Summit K12 ak Clever pa t mache.',
      messageAddress: 'Adrès nan Clever',
      messageDistrict: 'Distri',
      messageDate: 'Dat',
      copy: 'Kopye mesaj la',
      copied: 'Li kopye',
      writeEmail: 'Voye l pa imèl',
      forTeacher: 'Pou pwofesè a',
      forAdults: 'Pou pwofesè ak lòt granmoun',
      forTeacherSend: {
        district: 'Tanpri voye sa a, ak non elèv la, bay administratè Clever distri w la:',
        summit: 'Tanpri voye sa a, ak non elèv la, bay sipò Summit K12:',
        school: 'Tanpri voye sa a bay ekip teknoloji lekòl ou:',
      },
      pictures: {
        district: 'Yon lis ak yon loup',
        summit: 'Yon angrenaj',
        clever: 'Yon nyaj',
        user: 'Yon flèch ki vire',
        wait: 'Yon revèy',
      },
    },
    start: { heading: 'Yon dènye ti peze', what: 'Peze bouton an. Clever ap konekte w nan Summit K12.' },
    home: {
      heading: 'Byenveni nan Summit K12',
      what: 'Konekte ak kont Clever lekòl ou.',
      help: 'Ou pa konnen kont Clever ou? Mande pwofesè w oswa biwo lekòl la.',
    },
    signedIn: {
      title: 'Ou konekte',
      greeting: 'Bonjou',
      picture: 'Yon figi ki souri',
      roles: { student: 'Elèv', teacher: 'Pwofesè', staff: 'Anplwaye', administrator: 'Administratè' },
      goOn: 'Ale nan Summit K12',
      district: 'Koneksyon nan distri w la',
      notYou: { child: 'Se pa ou? Dekonekte isit la', adult: 'Se pa ou? Dekonekte isit la' },
    },
    signedOut: {
      heading: 'Ou dekonekte',
      what: 'Summit K12 fèmen sou aparèy sa a.',
      picture: 'Yon pòt',
      sharedHeading: 'Èske yon lòt moun sèvi ak aparèy sa a?',
      sharedWhy: 'Ou ka toujou konekte nan Clever. Pwochen moun nan ta ka louvri bagay ou yo.',
      sharedSteps: ['Ale sou clever.com.', 'Peze non w, epi “Log out” (dekonekte).', 'Fèmen navigatè a.'],
      leaveClever: 'Ale sou clever.com',
    },
    notFound: { heading: 'Paj sa a pa egziste', what: 'Lyen an ka ansyen oswa pa konplè.' },
    otherMethod: {
      heading: 'Ou pa ka sèvi ak paj sa a konsa',
      what: 'Anyen pa chanje. Ale nan paj akèy la epi eseye la.',
    },
    forbidden: {
      heading: 'Nou pa fè sa',
      what: 'Demann lan pa soti nan yon paj Summit K12. Ale nan paj akèy la epi eseye la.',
    },
    goHome: 'Ale nan paj akèy la',
  },
};
