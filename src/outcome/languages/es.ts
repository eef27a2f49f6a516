// Everything that visitors read, in Spanish. Children are tú, adults usted.
import type { LanguageTexts } from '../language-texts.ts';

const showTeacher = ['Muéstrale esta página a tu maestra o maestro.'];
const sendToDistrict = ['Envíe el mensaje de abajo, con su nombre, al administrador de Clever de su distrito.'];
const sendToSummit = ['Envíe el mensaje de abajo, con su nombre, al equipo de soporte de Summit K12.'];
const waitAMinute = ['Espera un minuto.', 'Después, inténtalo otra vez.'];
const retryThenSupport = [
  'Espere un minuto e inténtelo de nuevo.',
  'Si vuelve a ocurrir, avise al equipo de soporte de Summit K12.',
];
const pressTheButton = ['Presiona el botón azul.'];

export const spanish: LanguageTexts = {
  name: 'Español',
  tag: 'es',
  direction: 'ltr',
  sentenceGap: ' ',
  comma: ', ',
  codes: {
    user_type_unsupported: {
      child: {
        heading: 'Esta cuenta no funciona aquí',
        what: 'No es una cuenta de estudiante ni de la escuela.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Este tipo de cuenta de Clever no puede abrir Summit K12',
        what: 'Summit K12 es para estudiantes, docentes, personal escolar y administradores. Clever indica que esta cuenta es de otro tipo, por ejemplo, un contacto familiar.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Clever indica para esta cuenta un tipo de usuario que Summit K12 no admite.',
        ask: 'Por favor, revise en Clever que esté compartida como estudiante, docente, personal escolar o administrador.',
      },
    },
    district_not_linked: {
      child: {
        heading: 'Tu escuela todavía no está lista',
        what: 'Todavía no conocemos tu escuela.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Su distrito todavía no está conectado con Summit K12',
        what: 'Clever nos indicó a qué distrito pertenece usted, pero Summit K12 aún no lo ha conectado.',
        steps: sendToSummit,
      },
      message: {
        what: 'Clever indica un distrito que no está vinculado con ningún distrito de Summit K12.',
        ask: 'Por favor, vincúlenlo.',
      },
    },
    roster_pending: {
      child: {
        heading: 'Tu clase todavía no está lista',
        what: 'Tu escuela aún no nos envió la lista de la clase.',
        steps: ['Inténtalo otra vez mañana.', 'Puedes mostrarle esta página a tu maestra o maestro.'],
      },
      adult: {
        heading: 'Todavía no tenemos las listas de su distrito',
        what: 'Su distrito está conectado, pero Summit K12 aún no ha recibido sus listas (roster). En cuanto lleguen, usted podrá iniciar sesión.',
        steps: [
          'Inténtelo de nuevo mañana.',
          'Si tarda más, envíe el mensaje de abajo a la persona de su distrito que envía las listas.',
        ],
      },
      message: {
        what: 'Summit K12 todavía no ha recibido las listas (roster) del distrito.',
        ask: '¿Cuándo se enviarán?',
      },
    },
    email_missing: {
      child: { heading: 'Nos falta tu correo de la escuela', what: 'Clever no nos lo envió.', steps: showTeacher },
      adult: {
        heading: 'Clever no envió su correo electrónico',
        what: 'Summit K12 encuentra su cuenta por su correo electrónico, y Clever no nos dio ninguno.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Clever no le da a Summit K12 el correo electrónico de esta persona.',
        ask: 'Por favor, agregue en Clever el mismo correo que está en las listas (roster) y compártalo con Summit K12.',
      },
    },
    email_invalid: {
      child: {
        heading: 'Tu correo tiene un error',
        what: 'El correo que está en Clever no está bien.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Su correo electrónico en Clever no es válido',
        what: 'Lo que Clever envió como su correo electrónico no es una sola dirección completa, y por eso Summit K12 no puede encontrar su cuenta.',
        steps: sendToDistrict,
      },
      message: {
        what: 'El correo electrónico que Clever tiene para esta persona no es una sola dirección completa.',
        ask: 'Por favor, corríjalo en Clever para que sea igual al de las listas (roster).',
      },
    },
    ambiguous: {
      child: {
        heading: 'Hay dos personas en tu lugar',
        what: 'No sabemos cuál cuenta es la tuya.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Las listas no dicen cuál cuenta es la suya',
        what: 'Más de una cuenta en las listas (roster) de su distrito tiene su correo, o las listas dan su cuenta a dos personas. Preferimos no adivinar cuál es la suya.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Más de una cuenta de las listas (roster) del distrito tiene el correo electrónico de esta persona, o las listas dan el id de su cuenta a dos personas.',
        ask: 'Por favor, dé a cada cuenta de las listas su propio correo, y a cada persona su propio id.',
      },
    },
    role_conflict: {
      child: {
        heading: 'Algo no coincide',
        what: 'Clever y nuestra lista no dicen lo mismo de ti.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Su función en Clever y en las listas no coincide',
        what: 'Clever y las listas (roster) de su distrito le dan a su correo funciones distintas: en un lado dice estudiante y en el otro, personal de la escuela.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Clever y las listas (roster) dan a este correo electrónico funciones distintas: en un lado dice estudiante y en el otro, personal de la escuela.',
        ask: 'Por favor, corrija la que esté equivocada.',
      },
    },
    account_inactive: {
      child: {
        heading: 'Ahora no estás en la lista',
        what: 'Antes sí estabas en nuestra lista.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Usted ya no aparece en las listas',
        what: 'Usted ya no aparece en las listas (roster) más recientes de su distrito, así que su cuenta está cerrada por ahora. Se abrirá de nuevo cuando vuelva a aparecer en ellas.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Las listas (roster) más recientes para Summit K12 ya no incluyen a esta persona.',
        ask: 'Si es un error, por favor agréguela de nuevo.',
      },
    },
    email_mismatch: {
      child: { heading: 'Tu correo no coincide', what: 'No es igual en Clever que aquí.', steps: showTeacher },
      adult: {
        heading: 'Su correo electrónico en Clever y en las listas no coincide',
        what: 'Summit K12 compara los dos carácter por carácter.',
        steps: sendToDistrict,
      },
      message: {
        what: 'El correo electrónico de esta persona en Clever y en las listas (roster) para Summit K12 no es el mismo.',
        ask: 'Por favor, haga que sean exactamente iguales.',
      },
    },
    not_rostered: {
      child: {
        heading: 'Todavía no te encontramos',
        what: 'No estás en nuestra lista de la clase.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Usted no aparece en las listas',
        what: 'Ninguna cuenta de las listas (roster) de su distrito tiene su correo electrónico.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Las listas (roster) para Summit K12 no tienen ninguna cuenta con el correo electrónico que esta persona tiene en Clever.',
        ask: 'Por favor, agregue a la persona o corrija su correo en las listas.',
      },
    },
    identity_changed: {
      child: {
        heading: 'Tenemos que revisar tu cuenta',
        what: 'Tu cuenta de Clever es nueva para nosotros.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Tenemos que comprobar que esta cuenta es suya',
        what: 'Su cuenta de Clever no es la misma con la que se abrió esta cuenta. Para protegerla, nos detuvimos aquí.',
        steps: sendToSummit,
      },
      message: {
        what: 'La cuenta y el usuario de Clever no están vinculados entre sí.',
        ask: 'Por favor, comprueben con el distrito que son de la misma persona y liberen el vínculo.',
      },
    },
    app_not_shared: {
      child: {
        heading: 'Summit K12 no está activado para ti',
        what: 'Tu escuela todavía no lo activó.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Summit K12 no está compartido en Clever',
        what: 'Clever indica que el distrito no le ha dado esta aplicación a esta persona.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Clever indica que Summit K12 no está compartido con esta persona.',
        ask: 'Por favor, compártalo con ella en Clever.',
      },
    },
    clever_denied: {
      child: {
        heading: 'No iniciaste sesión',
        what: 'Clever no te dejó entrar esta vez.',
        steps: ['Inténtalo otra vez.', 'Si no funciona, pregúntale a tu maestra o maestro.'],
      },
      adult: {
        heading: 'Clever interrumpió este inicio de sesión',
        what: 'Clever devolvió el navegador sin iniciar sesión, por ejemplo, porque se canceló.',
        steps: ['Inicie sesión de nuevo.', 'Si vuelve a ocurrir, avise al administrador de Clever de su distrito.'],
      },
      message: {
        what: 'Clever devolvió a esta persona sin iniciar su sesión.',
        ask: 'Por favor, revise en Clever que esta persona pueda usar Summit K12.',
      },
    },
    sign_in_expired: {
      child: { heading: 'Empecemos de nuevo', what: 'Pasó mucho tiempo.', steps: pressTheButton },
      adult: {
        heading: 'Este inicio de sesión venció',
        what: 'Estuvo abierto demasiado tiempo, ya se usó o comenzó en otro navegador. No hay nada dañado.',
        steps: ['Comience un nuevo inicio de sesión.'],
      },
      message: undefined,
    },
    cookies_blocked: {
      child: {
        heading: 'Este navegador no te recuerda',
        what: 'Las cookies están apagadas. Las necesitamos para que puedas entrar.',
        steps: ['Pídele a tu maestra o maestro que active las cookies.', 'Después, inténtalo otra vez.'],
      },
      adult: {
        heading: 'Este navegador bloquea nuestras cookies',
        what: 'Summit K12 necesita una cookie para mantener la sesión, y este navegador no la guardó.',
        steps: [
          'Permita las cookies de este sitio en la configuración del navegador, o use otro navegador.',
          'Después, inicie sesión de nuevo.',
          'En un dispositivo de la escuela, quizás deba permitirlas el equipo de tecnología.',
        ],
      },
      message: {
        what: 'El navegador de un dispositivo de la escuela bloquea las cookies del inicio de sesión de Summit K12.',
        ask: 'Por favor, permitan las cookies para la dirección de esta página.',
      },
    },
    malformed_request: {
      child: { heading: 'Este enlace no funciona', what: 'Puedes empezar de nuevo.', steps: pressTheButton },
      adult: {
        heading: 'Esta dirección está incompleta o no es correcta',
        what: 'El enlace que se abrió tiene partes que faltan, no son válidas, están repetidas o son demasiado largas.',
        steps: ['Abra Summit K12 desde el portal de Clever o comience aquí un nuevo inicio de sesión.'],
      },
      message: undefined,
    },
    clever_misconfigured: {
      child: { heading: 'Tenemos que arreglar algo', what: 'El error es nuestro.', steps: showTeacher },
      adult: {
        heading: 'Summit K12 debe corregir su conexión con Clever',
        what: 'Clever no aceptó nuestra parte del inicio de sesión. No es un error suyo ni de su distrito.',
        steps: sendToSummit,
      },
      message: {
        what: 'Clever no acepta la aplicación Summit K12 o no envía la identidad.',
        ask: 'Por favor, revisen la configuración de la aplicación en Clever.',
      },
    },
    clever_rejected: {
      child: { heading: 'Clever tuvo un problema', what: 'Quizás funcione en el próximo intento.', steps: waitAMinute },
      adult: {
        heading: 'No pudimos aceptar la respuesta de Clever',
        what: 'Clever no confirmó este inicio de sesión de una forma en la que podamos confiar, y por eso nos detuvimos.',
        steps: retryThenSupport,
      },
      message: undefined,
    },
    clever_unavailable: {
      child: { heading: 'Clever no responde', what: 'Clever necesita un poco de tiempo.', steps: waitAMinute },
      adult: {
        heading: 'Clever no respondió a tiempo',
        what: 'Le pedimos a Clever que confirmara el inicio de sesión y no respondió.',
        steps: ['Espere un minuto e inténtelo de nuevo.', 'Si continúa, consulte la página de estado de Clever.'],
      },
      message: undefined,
    },
    service_unavailable: {
      child: { heading: 'Ahora no podemos abrir Summit K12', what: 'El error es nuestro.', steps: waitAMinute },
      adult: {
        heading: 'El inicio de sesión de Summit K12 no está disponible en este momento',
        what: 'El problema es nuestro.',
        steps: retryThenSupport,
      },
      message: undefined,
    },
    rate_limited: {
      child: { heading: 'Espera un poquito', what: 'Hubo demasiados intentos.', steps: waitAMinute },
      adult: {
        heading: 'Demasiados inicios de sesión a la vez',
        what: 'Hubo muchos intentos en poco tiempo y hacemos una pausa breve.',
        steps: ['Espere un minuto e inténtelo de nuevo.'],
      },
      message: undefined,
    },
  },
  asks: {
    account_inactive: {
      clever:
        'Las listas vienen de Clever. Si es un error, por favor comparta de nuevo a la persona con la aplicación SK12 Secure Sync en el panel de Clever. Summit K12 lee Clever todas las noches; no hace falta enviar ningún archivo.',
      both: 'Si es un error, por favor agregue de nuevo a la persona en las listas. Si las listas de esta persona vienen de Clever: por favor, comparta de nuevo a la persona con la aplicación SK12 Secure Sync en el panel de Clever. Summit K12 lee Clever todas las noches; no hace falta enviar ningún archivo.',
      spreadsheet:
        'Si es un error, por favor agregue de nuevo a la persona en la hoja de cálculo de docentes y personal para Summit K12. Clever envía a Summit K12 solo los estudiantes.',
    },
    not_rostered: {
      clever:
        'Las listas vienen de Clever: por favor, comparta a la persona con la aplicación SK12 Secure Sync en el panel de Clever y agregue un número de SIS (SIS id) a su registro. Summit K12 lee Clever cuando la persona vuelve a iniciar sesión y todas las noches; no hace falta enviar ningún archivo.',
      both: 'Por favor, agregue a la persona o corrija su correo en las listas. Si las listas de esta persona vienen de Clever: por favor, comparta a la persona con la aplicación SK12 Secure Sync en el panel de Clever y agregue un número de SIS (SIS id) a su registro. Summit K12 lee Clever cuando la persona vuelve a iniciar sesión y todas las noches; no hace falta enviar ningún archivo.',
      spreadsheet:
        'Por favor, agregue a la persona o corrija su correo en la hoja de cálculo de docentes y personal para Summit K12. Clever envía a Summit K12 solo los estudiantes.',
    },
  },
  asksByDifference: {
    no_email: 'Por favor, ponga en las listas (roster) el mismo correo electrónico que esta persona tiene en Clever.',
  },
  differences: {
    whitespace: { child: 'Uno tiene un espacio de más.', adult: 'Uno de los dos tiene un espacio de más.' },
    unicode: {
      child: 'Una letra parece igual, pero no lo es.',
      adult: 'Uno de los dos tiene una letra que parece igual pero es otra, por ejemplo, de otro alfabeto.',
    },
    case: {
      child: 'Hay mayúsculas y minúsculas cambiadas.',
      adult: 'Solo se diferencian en las mayúsculas y minúsculas.',
    },
    domain: {
      child: 'La parte después de la @ es diferente.',
      adult: 'Se diferencian en la parte que va después de la @.',
    },
    local_part: {
      child: 'La parte antes de la @ es diferente.',
      adult: 'Se diferencian en la parte que va antes de la @.',
    },
    other: { child: 'Tenemos otro correo tuyo.', adult: 'Son dos direcciones distintas.' },
    no_email: {
      child: 'Todavía no tenemos tu correo.',
      adult: 'En las listas, esta persona está sin correo electrónico.',
    },
  },
  sides: {
    clever: 'El inusual es el correo que está en Clever.',
    roster: 'El inusual es el correo que está en las listas (roster).',
  },
  pages: {
    logIn: 'Iniciar sesión con Clever',
    tryAgain: 'Intentar de nuevo',
    signOut: 'Cerrar sesión',
    language: 'Idioma',
    help: 'Soporte de Summit K12',
    refusal: {
      nothingWrong: 'No hiciste nada malo.',
      whoCanFix: 'Quién lo puede arreglar',
      owners: {
        district: {
          child: 'Tu escuela lo puede arreglar.',
          adult: 'El administrador de Clever de su distrito',
        },
        summit: { child: 'Nosotros lo podemos arreglar.', adult: 'El equipo de soporte de Summit K12' },
        clever: { child: 'Clever lo puede arreglar.', adult: 'Clever' },
        user: { child: 'Haz esto:', adult: 'La persona que inicia sesión' },
        wait: { child: 'Solo hay que esperar.', adult: 'Nadie: solo hace falta tiempo' },
      },
      address: 'Su correo en Clever',
      notYou: {
        child: '¿No eres tú?',
        adult:
          '¿No es su correo? Entonces otra persona todavía tiene su sesión de Clever abierta en este dispositivo. Cierre esa sesión en clever.com y empiece de nuevo.',
      },
      steps: 'Qué hacer',
      reference: { child: 'Tu código', adult: 'Referencia' },
      referenceUse: 'Con ella, soporte encuentra este inicio de sesión.',
      message: 'Mensaje para enviar',
      messageOpening: 'Un inicio de sesión en Summit K12 con Clever no funcionó.',
      messageAddress: 'Correo en Clever',
      messageDistrict: 'Distrito',
      messageDate: 'Fecha',
      copy: 'Copiar el mensaje',
      copied: 'Copiado',
      writeEmail: 'Enviar por correo electrónico',
      forTeacher: 'Para la maestra o el maestro',
      forAdults: 'Para docentes y otros adultos',
      forTeacherSend: {
        district: 'Por favor, envíe esto, con el nombre del estudiante, al administrador de Clever de su distrito:',
        summit: 'Por favor, envíe esto, con el nombre del estudiante, al equipo de soporte de Summit K12:',
        school: 'Por favor, envíe esto al equipo de tecnología de su escuela:',
      },
      pictures: {
        district: 'Una lista con una lupa',
        summit: 'Un engranaje',
        clever: 'Una nube',
        user: 'Una flecha que da la vuelta',
        wait: 'Un reloj',
      },
    },
    start: { heading: 'Un toque más', what: 'Presione el botón. Clever abrirá su sesión en Summit K12.' },
    home: {
      heading: 'Le damos la bienvenida a Summit K12',
      what: 'Inicie sesión con su cuenta escolar de Clever.',
      help: '¿No conoce su cuenta de Clever? Pregunte en su escuela.',
    },
    signedIn: {
      title: 'Iniciaste sesión',
      greeting: 'Hola',
      picture: 'Una cara amable',
      roles: {
        student: 'Estudiante',
        teacher: 'Docente',
        staff: 'Personal escolar',
        administrator: 'Administración',
      },
      goOn: 'Ir a Summit K12',
      district: 'Los inicios de sesión de su distrito',
      notYou: { child: '¿No eres tú? Cierra la sesión aquí', adult: '¿No es usted? Cierre la sesión aquí' },
    },
    signedOut: {
      heading: 'Cerraste sesión',
      what: 'Summit K12 está cerrado en este dispositivo.',
      picture: 'Una puerta',
      sharedHeading: '¿Otra persona usa este dispositivo?',
      sharedWhy: 'Quizás Clever siga abierto con tu cuenta. La siguiente persona podría ver tus cosas.',
      sharedSteps: [
        'Ve a clever.com.',
        'Presiona tu nombre y después “Log out” (cerrar sesión).',
        'Cierra el navegador.',
      ],
      leaveClever: 'Ir a clever.com',
    },
    notFound: { heading: 'Esta página no existe', what: 'Quizás el enlace es antiguo o está incompleto.' },
    otherMethod: {
      heading: 'Esta página no se puede usar así',
      what: 'No se cambió nada. Vaya a la página de inicio e inténtelo allí.',
    },
    forbidden: {
      heading: 'No hicimos ese cambio',
      what: 'La solicitud no vino de una página de Summit K12. Vaya a la página de inicio e inténtelo allí.',
    },
    goHome: 'Ir a la página de inicio',
  },
};
