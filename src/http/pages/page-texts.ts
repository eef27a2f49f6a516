// The words of the pages themselves, around what a refusal says. Children are tú, adults usted.
import type { Audience } from '../../sign-in/outcome.ts';
import type { Language } from '../language.ts';
import type { Owner } from '../problems.ts';

interface DeadEnd {
  readonly heading: string;
  readonly what: string;
}

export interface PageTexts {
  readonly logIn: string;
  readonly tryAgain: string;
  readonly signOut: string;
  readonly refusal: {
    readonly whoCanFix: string;
    /** A sentence for a child, a name for the rest. */
    readonly owners: Readonly<Record<Owner, Readonly<Record<Audience, string>>>>;
    readonly address: string;
    readonly notYou: string;
    readonly steps: string;
    readonly reference: Readonly<Record<Audience, string>>;
    readonly referenceUse: Readonly<Record<Audience, string>>;
    readonly message: string;
    readonly messageOpening: string;
    readonly messageAddress: string;
    readonly forTeacher: string;
    readonly forTeacherSend: Readonly<Record<'district' | 'summit', string>>;
    readonly pictures: Readonly<Record<Owner, string>>;
  };
  readonly start: { readonly heading: string; readonly what: string };
  readonly home: { readonly heading: string; readonly what: string; readonly help: string };
  readonly signedIn: {
    readonly title: string;
    readonly greeting: string;
    readonly picture: string;
    readonly roles: Readonly<Record<'student' | 'teacher' | 'staff' | 'administrator', string>>;
    readonly goOn: string;
    readonly notYou: Readonly<Record<'child' | 'adult', string>>;
  };
  readonly signedOut: {
    readonly heading: string;
    readonly what: string;
    readonly picture: string;
    readonly sharedHeading: string;
    readonly sharedWhy: string;
    readonly sharedSteps: readonly string[];
    readonly leaveClever: string;
  };
  readonly goHome: string;
  readonly notFound: DeadEnd;
  readonly otherMethod: DeadEnd;
  readonly forbidden: DeadEnd;
}

const english: PageTexts = {
  logIn: 'Log in with Clever',
  tryAgain: 'Try again',
  signOut: 'Sign out',
  refusal: {
    whoCanFix: 'Who can fix it',
    owners: {
      district: {
        student: 'Your school can fix it.',
        employee: 'Your district’s Clever administrator',
        unknown: 'Your school or district',
      },
      summit: { student: 'We can fix it.', employee: 'Summit K12 support', unknown: 'Summit K12' },
      clever: { student: 'Clever can fix it.', employee: 'Clever', unknown: 'Clever' },
      user: { student: 'You can fix it.', employee: 'You', unknown: 'You' },
      wait: {
        student: 'We only have to wait.',
        employee: 'Nobody has to: it only takes time',
        unknown: 'Nobody has to: it only takes time',
      },
    },
    address: 'Your address in Clever',
    notYou:
      'Not your address? Then someone else is still logged in to Clever on this device. Log out at clever.com and start again.',
    steps: 'What to do',
    reference: { student: 'Your code', employee: 'Reference', unknown: 'Reference' },
    referenceUse: {
      student: '',
      employee: 'Support finds this sign-in by it.',
      unknown: 'With it we can see what went wrong.',
    },
    message: 'Message to send',
    messageOpening: 'A sign-in to Summit K12 with Clever did not work.',
    messageAddress: 'Address in Clever',
    forTeacher: 'For the teacher',
    forTeacherSend: {
      district: 'Please send this, with the student’s name, to your district’s Clever administrator:',
      summit: 'Please send this, with the student’s name, to Summit K12 support:',
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
  notFound: {
    heading: 'This page does not exist',
    what: 'The link may be old or not complete.',
  },
  otherMethod: {
    heading: 'This page cannot be used that way',
    what: 'Nothing was changed. Go to the start page and try again there.',
  },
  forbidden: {
    heading: 'We did not do that',
    what: 'The request did not come from a page of Summit K12. Go to the start page and try again there.',
  },
  goHome: 'Go to the start page',
};

const spanish: PageTexts = {
  logIn: 'Iniciar sesión con Clever',
  tryAgain: 'Intentar de nuevo',
  signOut: 'Cerrar sesión',
  refusal: {
    whoCanFix: 'Quién lo puede arreglar',
    owners: {
      district: {
        student: 'Tu escuela lo puede arreglar.',
        employee: 'El administrador de Clever de su distrito',
        unknown: 'La escuela o el distrito',
      },
      summit: {
        student: 'Nosotros lo podemos arreglar.',
        employee: 'El equipo de soporte de Summit K12',
        unknown: 'Summit K12',
      },
      clever: { student: 'Clever lo puede arreglar.', employee: 'Clever', unknown: 'Clever' },
      user: { student: 'Tú lo puedes arreglar.', employee: 'Usted', unknown: 'Usted' },
      wait: {
        student: 'Solo hay que esperar.',
        employee: 'Nadie: solo hace falta tiempo',
        unknown: 'Nadie: solo hace falta tiempo',
      },
    },
    address: 'Su correo en Clever',
    notYou:
      '¿No es su correo? Entonces otra persona todavía tiene su sesión de Clever abierta en este dispositivo. Cierre esa sesión en clever.com y empiece de nuevo.',
    steps: 'Qué hacer',
    reference: { student: 'Tu código', employee: 'Referencia', unknown: 'Referencia' },
    referenceUse: {
      student: '',
      employee: 'Con ella, soporte encuentra este inicio de sesión.',
      unknown: 'Con ella podemos ver qué pasó.',
    },
    message: 'Mensaje para enviar',
    messageOpening: 'Un inicio de sesión en Summit K12 con Clever no funcionó.',
    messageAddress: 'Correo en Clever',
    forTeacher: 'Para la maestra o el maestro',
    forTeacherSend: {
      district: 'Por favor, envíe esto, con el nombre del estudiante, al administrador de Clever de su distrito:',
      summit: 'Por favor, envíe esto, con el nombre del estudiante, al equipo de soporte de Summit K12:',
    },
    pictures: {
      district: 'Una lista con una lupa',
      summit: 'Un engranaje',
      clever: 'Una nube',
      user: 'Una flecha que da la vuelta',
      wait: 'Un reloj',
    },
  },
  start: { heading: 'Falta un toque', what: 'Presione el botón. Clever abrirá su sesión en Summit K12.' },
  home: {
    heading: 'Bienvenidos a Summit K12',
    what: 'Inicie sesión con su cuenta escolar de Clever.',
    help: '¿No conoce su cuenta de Clever? Pregunte en su escuela.',
  },
  signedIn: {
    title: 'La sesión está abierta',
    greeting: 'Hola',
    picture: 'Una cara amable',
    roles: {
      student: 'Estudiante',
      teacher: 'Docente',
      staff: 'Personal escolar',
      administrator: 'Administración',
    },
    goOn: 'Ir a Summit K12',
    notYou: { child: '¿No eres tú? Cierra la sesión aquí', adult: '¿No es usted? Cierre la sesión aquí' },
  },
  signedOut: {
    heading: 'La sesión está cerrada',
    what: 'Summit K12 está cerrado en este dispositivo.',
    picture: 'Una puerta',
    sharedHeading: '¿Otra persona usa este dispositivo?',
    sharedWhy: 'Quizás Clever siga abierto con su cuenta. La siguiente persona podría ver sus cosas.',
    sharedSteps: [
      'Vaya a clever.com.',
      'Presione su nombre y después “Log out” (cerrar sesión).',
      'Cierre el navegador.',
    ],
    leaveClever: 'Ir a clever.com',
  },
  notFound: {
    heading: 'Esta página no existe',
    what: 'Quizás el enlace es antiguo o está incompleto.',
  },
  otherMethod: {
    heading: 'Esta página no se puede usar así',
    what: 'No se cambió nada. Vaya a la página de inicio e inténtelo allí.',
  },
  forbidden: {
    heading: 'No hicimos ese cambio',
    what: 'La solicitud no vino de una página de Summit K12. Vaya a la página de inicio e inténtelo allí.',
  },
  goHome: 'Ir a la página de inicio',
};

export const pageTexts: Readonly<Record<Language, PageTexts>> = { en: english, es: spanish };
