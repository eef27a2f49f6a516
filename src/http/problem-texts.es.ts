// Spanish for every refusal, in the words of Latin American and US schools: tú for children, usted for adults.
// Nothing here is about another person.
import type { ProblemTexts } from './problem-texts.ts';

const showTeacher = ['Muéstrale esta página a tu maestra o maestro.'];
const showSchool = ['Muestre esta página en la escuela: a la maestra, al maestro o en la oficina.'];
const sendToDistrict = ['Envíe el mensaje de abajo, con su nombre, al administrador de Clever de su distrito.'];
const sendToSummit = ['Envíe el mensaje de abajo, con su nombre, al equipo de soporte de Summit K12.'];
const waitAMinute = ['Espera un minuto.', 'Después, inténtalo otra vez.'];
const retryThenSupport = [
  'Espere un minuto e inténtelo de nuevo.',
  'Si vuelve a ocurrir, avise al equipo de soporte de Summit K12.',
];
const retryThenSchool = ['Espere un minuto e inténtelo de nuevo.', 'Si vuelve a ocurrir, avise en la escuela.'];

const readByItself =
  'Summit K12 lee Clever cuando la persona vuelve a iniciar sesión y todas las noches; no hace falta enviar ningún archivo.';
// Who left is not read again at the door.
const readAtNight = 'Summit K12 lee Clever todas las noches; no hace falta enviar ningún archivo.';

export const spanish = {
  codes: {
    user_type_unsupported: {
      student: { heading: 'Esta cuenta no funciona aquí', what: 'No es una cuenta de estudiante.', steps: showTeacher },
      employee: {
        heading: 'Este tipo de cuenta de Clever no puede abrir Summit K12',
        what: 'Summit K12 es para estudiantes, docentes, personal escolar y administradores. Clever indica que esta cuenta es de otro tipo, por ejemplo, un contacto familiar.',
        steps: sendToDistrict,
      },
      unknown: {
        heading: 'Esta cuenta no puede abrir Summit K12',
        what: 'Summit K12 es para estudiantes y personal escolar. Clever indica que esta cuenta es de otro tipo.',
        steps: showSchool,
      },
      message: {
        what: 'Clever indica para esta cuenta un tipo de usuario que Summit K12 no atiende.',
        ask: 'Por favor, revise en Clever que esté compartida como estudiante, docente, personal escolar o administrador.',
      },
    },
    district_not_linked: {
      student: {
        heading: 'Tu escuela todavía no está lista',
        what: 'Todavía no conocemos tu escuela.',
        steps: showTeacher,
      },
      employee: {
        heading: 'Su distrito todavía no está conectado con Summit K12',
        what: 'Clever nos indicó a qué distrito pertenece usted, pero Summit K12 aún no lo ha conectado.',
        steps: sendToSummit,
      },
      unknown: {
        heading: 'El distrito todavía no está conectado',
        what: 'Summit K12 aún no conoce este distrito escolar.',
        steps: showSchool,
      },
      message: {
        what: 'Clever indica un distrito que no está vinculado con ningún distrito de Summit K12.',
        ask: 'Por favor, vincúlenlo.',
      },
    },
    roster_pending: {
      student: {
        heading: 'Tu clase todavía no está lista',
        what: 'Tu escuela aún no nos envió la lista de la clase.',
        steps: ['Inténtalo otra vez mañana.', 'Puedes mostrarle esta página a tu maestra o maestro.'],
      },
      employee: {
        heading: 'Todavía no tenemos las listas de su distrito',
        what: 'Su distrito está conectado, pero Summit K12 aún no ha recibido sus listas (roster). En cuanto lleguen, usted podrá iniciar sesión.',
        steps: [
          'Inténtelo de nuevo mañana.',
          'Si tarda más, envíe el mensaje de abajo a la persona de su distrito que envía las listas.',
        ],
      },
      unknown: {
        heading: 'Las listas de clase aún no han llegado',
        what: 'El distrito todavía no ha enviado sus listas de clase a Summit K12.',
        steps: ['Inténtelo de nuevo mañana.', 'Si tarda más, avise en la escuela.'],
      },
      message: {
        what: 'Summit K12 todavía no ha recibido las listas (roster) del distrito.',
        ask: '¿Cuándo se enviarán?',
      },
    },
    email_missing: {
      student: {
        heading: 'Nos falta tu correo de la escuela',
        what: 'Clever no nos lo envió.',
        steps: showTeacher,
      },
      employee: {
        heading: 'Clever no envió su correo electrónico',
        what: 'Summit K12 encuentra su cuenta por su correo electrónico, y Clever no nos dio ninguno.',
        steps: sendToDistrict,
      },
      unknown: {
        heading: 'Clever no envió ningún correo electrónico',
        what: 'Summit K12 encuentra cada cuenta por su correo electrónico, y Clever no nos dio ninguno.',
        steps: showSchool,
      },
      message: {
        what: 'Clever no le da a Summit K12 el correo electrónico de esta persona.',
        ask: 'Por favor, agregue en Clever el mismo correo que está en las listas (roster) y compártalo con Summit K12.',
      },
    },
    email_invalid: {
      student: {
        heading: 'Tu correo tiene un error',
        what: 'El correo que está en Clever no está bien.',
        steps: showTeacher,
      },
      employee: {
        heading: 'Su correo electrónico en Clever no es válido',
        what: 'Lo que Clever envió como su correo electrónico no es una sola dirección completa, y por eso Summit K12 no puede encontrar su cuenta.',
        steps: sendToDistrict,
      },
      unknown: {
        heading: 'El correo electrónico en Clever no es válido',
        what: 'Lo que Clever envió como correo electrónico no es una sola dirección completa.',
        steps: showSchool,
      },
      message: {
        what: 'El correo electrónico que Clever tiene para esta persona no es una sola dirección completa.',
        ask: 'Por favor, corríjalo para que sea igual al de las listas (roster).',
      },
    },
    ambiguous: {
      student: {
        heading: 'Tu correo está dos veces',
        what: 'No sabemos cuál cuenta es la tuya.',
        steps: showTeacher,
      },
      employee: {
        heading: 'Su correo electrónico aparece más de una vez',
        what: 'Más de una cuenta en las listas (roster) de su distrito tiene su correo. Preferimos no adivinar cuál es la suya.',
        steps: sendToDistrict,
      },
      unknown: {
        heading: 'Este correo electrónico aparece más de una vez',
        what: 'Más de una cuenta tiene este correo. Preferimos no adivinar cuál es la correcta.',
        steps: showSchool,
      },
      message: {
        what: 'Más de una cuenta de las listas (roster) del distrito tiene el correo electrónico de esta persona.',
        ask: 'Por favor, dé a cada cuenta su propio correo.',
      },
    },
    role_conflict: {
      student: {
        heading: 'Algo no coincide',
        what: 'Clever y nuestra lista no dicen lo mismo de ti.',
        steps: showTeacher,
      },
      employee: {
        heading: 'Su función en Clever y en las listas no coincide',
        what: 'Clever y las listas (roster) de su distrito le dan a su correo funciones distintas: en un lado dice estudiante y en el otro, personal de la escuela.',
        steps: sendToDistrict,
      },
      unknown: {
        heading: 'La función en Clever y en las listas no coincide',
        what: 'En un lado dice estudiante y en el otro, personal de la escuela.',
        steps: showSchool,
      },
      message: {
        what: 'Clever y las listas (roster) dan a este correo electrónico funciones distintas: en un lado dice estudiante y en el otro, personal de la escuela.',
        ask: 'Por favor, corrija la que esté equivocada.',
      },
    },
    account_inactive: {
      student: {
        heading: 'Ahora no estás en la lista',
        what: 'Antes sí estabas en nuestra lista.',
        steps: showTeacher,
      },
      employee: {
        heading: 'Usted ya no aparece en las listas',
        what: 'Las listas (roster) más recientes de su distrito ya no lo incluyen, así que su cuenta está cerrada por ahora. Se abrirá de nuevo cuando vuelva a aparecer en ellas.',
        steps: sendToDistrict,
      },
      unknown: {
        heading: 'Esta cuenta ya no aparece en las listas',
        what: 'Las listas más recientes del distrito ya no la incluyen.',
        steps: showSchool,
      },
      message: {
        what: 'Las listas (roster) más recientes para Summit K12 ya no incluyen a esta persona.',
        ask: 'Si es un error, por favor agréguela de nuevo.',
      },
    },
    email_mismatch: {
      student: {
        heading: 'Tu correo no coincide',
        what: 'No es igual en Clever y aquí.',
        steps: showTeacher,
      },
      employee: {
        heading: 'Su correo electrónico en Clever y en las listas no coincide',
        what: 'Summit K12 compara los dos carácter por carácter.',
        steps: sendToDistrict,
      },
      unknown: {
        heading: 'El correo electrónico no coincide',
        what: 'El correo de Clever y el de las listas de la escuela deben ser exactamente iguales.',
        steps: showSchool,
      },
      message: {
        what: 'El correo electrónico de esta persona en Clever y en las listas (roster) para Summit K12 no es el mismo.',
        ask: 'Por favor, haga que sean exactamente iguales.',
      },
    },
    not_rostered: {
      student: {
        heading: 'Todavía no te encontramos',
        what: 'No estás en nuestra lista de la clase.',
        steps: showTeacher,
      },
      employee: {
        heading: 'Usted no aparece en las listas',
        what: 'Ninguna cuenta de las listas (roster) de su distrito tiene su correo electrónico.',
        steps: sendToDistrict,
      },
      unknown: {
        heading: 'No encontramos esta cuenta',
        what: 'Ninguna cuenta de las listas del distrito tiene este correo electrónico.',
        steps: showSchool,
      },
      message: {
        what: 'Las listas (roster) para Summit K12 no tienen ninguna cuenta con el correo electrónico que esta persona tiene en Clever.',
        ask: 'Por favor, agregue a la persona o corrija su correo en las listas.',
      },
    },
    identity_changed: {
      student: {
        heading: 'Tenemos que revisar tu cuenta',
        what: 'Tu cuenta de Clever es nueva para nosotros. No hiciste nada malo.',
        steps: showTeacher,
      },
      employee: {
        heading: 'Tenemos que comprobar que esta cuenta es suya',
        what: 'Su cuenta de Clever no es la misma con la que se abrió esta cuenta. Para protegerla, nos detuvimos aquí.',
        steps: sendToSummit,
      },
      unknown: {
        heading: 'Tenemos que revisar esta cuenta',
        what: 'La cuenta de Clever no es la misma con la que se abrió esta cuenta. Para protegerla, nos detuvimos aquí.',
        steps: showSchool,
      },
      message: {
        what: 'La cuenta y el usuario de Clever no están vinculados entre sí.',
        ask: 'Por favor, comprueben con el distrito que son de la misma persona y liberen el vínculo.',
      },
    },
    app_not_shared: {
      student: {
        heading: 'Summit K12 no está activado para ti',
        what: 'Tu escuela todavía no lo activó.',
        steps: showTeacher,
      },
      employee: {
        heading: 'Summit K12 no está compartido con usted en Clever',
        what: 'Clever indica que su distrito no le ha dado esta aplicación.',
        steps: sendToDistrict,
      },
      unknown: {
        heading: 'Summit K12 no está compartido con usted en Clever',
        what: 'Clever indica que el distrito no le ha dado esta aplicación.',
        steps: showSchool,
      },
      message: {
        what: 'Clever indica que Summit K12 no está compartido con esta persona.',
        ask: 'Por favor, compártalo con ella en Clever.',
      },
    },
    clever_denied: {
      student: {
        heading: 'No iniciaste sesión',
        what: 'Clever no te dejó entrar esta vez.',
        steps: ['Inténtalo otra vez.'],
      },
      employee: {
        heading: 'Clever terminó este inicio de sesión',
        what: 'Clever lo envió de regreso sin iniciar sesión, por ejemplo, porque se canceló.',
        steps: ['Inicie sesión de nuevo.', 'Si vuelve a ocurrir, avise al administrador de Clever de su distrito.'],
      },
      unknown: {
        heading: 'Clever terminó este inicio de sesión',
        what: 'Clever envió de regreso esta solicitud sin iniciar sesión.',
        steps: ['Inicie sesión de nuevo.', 'Si vuelve a ocurrir, avise en la escuela.'],
      },
      message: undefined,
    },
    sign_in_expired: {
      student: {
        heading: 'Empecemos de nuevo',
        what: 'Pasó mucho tiempo.',
        steps: ['Presiona el botón azul.'],
      },
      employee: {
        heading: 'Este inicio de sesión venció',
        what: 'Estuvo abierto demasiado tiempo, ya se usó o comenzó en otro navegador. No hay nada dañado.',
        steps: ['Comience un nuevo inicio de sesión.'],
      },
      unknown: {
        heading: 'Empecemos de nuevo',
        what: 'Este inicio de sesión venció o ya se usó. No hay nada dañado.',
        steps: ['Presione el botón para iniciar sesión.'],
      },
      message: undefined,
    },
    cookies_blocked: {
      student: {
        heading: 'Este navegador no te recuerda',
        what: 'Las cookies están apagadas. Las necesitamos para que puedas entrar.',
        steps: ['Pide a tu maestra o maestro que active las cookies.', 'Después, inténtalo otra vez.'],
      },
      employee: {
        heading: 'Este navegador bloquea nuestras cookies',
        what: 'Summit K12 necesita una cookie para mantener su sesión, y este navegador no la guardó.',
        steps: [
          'Permita las cookies de este sitio en la configuración del navegador, o use otro navegador.',
          'Después, inicie sesión de nuevo.',
          'En un dispositivo de la escuela, quizás deba permitirlas el equipo de tecnología.',
        ],
      },
      unknown: {
        heading: 'Este navegador bloquea nuestras cookies',
        what: 'Summit K12 necesita una cookie para mantener la sesión.',
        steps: [
          'Active las cookies o use otro navegador. En la escuela le pueden ayudar.',
          'Después, inicie sesión de nuevo.',
        ],
      },
      message: undefined,
    },
    malformed_request: {
      student: {
        heading: 'Este enlace no funciona',
        what: 'Puedes empezar de nuevo.',
        steps: ['Presiona el botón azul.'],
      },
      employee: {
        heading: 'Esta dirección está incompleta o no es correcta',
        what: 'El enlace que lo trajo aquí tiene partes que faltan, no son válidas, están repetidas o son demasiado largas.',
        steps: ['Abra Summit K12 desde su portal de Clever o comience aquí un nuevo inicio de sesión.'],
      },
      unknown: {
        heading: 'Este enlace no funciona',
        what: 'Alguna parte falta, no es válida, está repetida o es demasiado larga.',
        steps: ['Abra Summit K12 desde Clever o presione el botón para iniciar sesión.'],
      },
      message: undefined,
    },
    clever_misconfigured: {
      student: { heading: 'Tenemos que arreglar algo', what: 'No hiciste nada malo.', steps: showTeacher },
      employee: {
        heading: 'Summit K12 debe corregir su conexión con Clever',
        what: 'Clever no aceptó nuestra parte del inicio de sesión. No es un error suyo ni de su distrito.',
        steps: sendToSummit,
      },
      unknown: {
        heading: 'Summit K12 tiene que arreglar algo',
        what: 'Nuestra conexión con Clever no funciona. No es un error suyo.',
        steps: showSchool,
      },
      message: {
        what: 'Clever no acepta la aplicación Summit K12 o no envía la identidad.',
        ask: 'Por favor, revisen la configuración de la aplicación en Clever.',
      },
    },
    clever_rejected: {
      student: { heading: 'Clever tuvo un problema', what: 'No hiciste nada malo.', steps: waitAMinute },
      employee: {
        heading: 'No pudimos aceptar la respuesta de Clever',
        what: 'Clever no confirmó este inicio de sesión de una forma en la que podamos confiar, y por eso nos detuvimos.',
        steps: retryThenSupport,
      },
      unknown: {
        heading: 'Clever no pudo completar el inicio de sesión',
        what: 'No es un error suyo.',
        steps: retryThenSchool,
      },
      message: undefined,
    },
    clever_unavailable: {
      student: { heading: 'Clever no responde', what: 'No hiciste nada malo.', steps: waitAMinute },
      employee: {
        heading: 'Clever no responde',
        what: 'Le pedimos a Clever que confirmara su inicio de sesión y no respondió a tiempo.',
        steps: ['Espere un minuto e inténtelo de nuevo.', 'Si continúa, consulte la página de estado de Clever.'],
      },
      unknown: { heading: 'Clever no responde', what: 'No es un error suyo.', steps: retryThenSchool },
      message: undefined,
    },
    service_unavailable: {
      student: { heading: 'Ahora no podemos abrir', what: 'No hiciste nada malo.', steps: waitAMinute },
      employee: {
        heading: 'El inicio de sesión de Summit K12 no está disponible en este momento',
        what: 'El problema es nuestro.',
        steps: retryThenSupport,
      },
      unknown: {
        heading: 'El inicio de sesión no está disponible en este momento',
        what: 'El problema es nuestro; no es un error suyo.',
        steps: retryThenSchool,
      },
      message: undefined,
    },
    rate_limited: {
      student: { heading: 'Espera un poquito', what: 'Hubo demasiados intentos.', steps: waitAMinute },
      employee: {
        heading: 'Demasiados inicios de sesión a la vez',
        what: 'Hubo muchos intentos en poco tiempo y hacemos una pausa breve.',
        steps: ['Espere un minuto e inténtelo de nuevo.'],
      },
      unknown: {
        heading: 'Espere un momento',
        what: 'Hubo demasiados intentos en poco tiempo.',
        steps: ['Espere un minuto e inténtelo de nuevo.'],
      },
      message: undefined,
    },
  },
  asks: {
    not_rostered: {
      clever: `Las listas vienen de Clever: por favor, comparta a la persona con la aplicación SK12 Secure Sync en el panel de Clever y agregue un número de SIS (SIS id) a su registro. ${readByItself}`,
      both: `Por favor, agregue a la persona o corrija su correo en las listas. Si las listas de esta persona vienen de Clever: por favor, comparta a la persona con la aplicación SK12 Secure Sync en el panel de Clever y agregue un número de SIS (SIS id) a su registro. ${readByItself}`,
      spreadsheet:
        'Por favor, agregue a la persona o corrija su correo en la hoja de cálculo de docentes y personal para Summit K12. Clever envía a Summit K12 solo los estudiantes.',
    },
    account_inactive: {
      clever: `Las listas vienen de Clever. Si es un error, por favor comparta de nuevo a la persona con la aplicación SK12 Secure Sync en el panel de Clever. ${readAtNight}`,
      both: `Si es un error, por favor agregue de nuevo a la persona en las listas. Si las listas de esta persona vienen de Clever: por favor, comparta de nuevo a la persona con la aplicación SK12 Secure Sync en el panel de Clever. ${readAtNight}`,
      spreadsheet:
        'Si es un error, por favor agregue de nuevo a la persona en la hoja de cálculo de docentes y personal para Summit K12. Clever envía a Summit K12 solo los estudiantes.',
    },
  },
  differences: {
    whitespace: {
      student: 'Uno tiene un espacio de más.',
      employee: 'Uno de los dos tiene un espacio de más.',
      unknown: 'Uno de los dos tiene un espacio de más.',
    },
    unicode: {
      student: 'Una letra parece igual, pero no lo es.',
      employee: 'Uno de los dos tiene una letra que parece igual pero es otra, por ejemplo, de otro alfabeto.',
      unknown: 'Uno de los dos tiene una letra que parece igual pero es otra.',
    },
    case: {
      student: 'Hay mayúsculas y minúsculas cambiadas.',
      employee: 'Solo se diferencian en las mayúsculas y minúsculas.',
      unknown: 'Solo se diferencian en las mayúsculas y minúsculas.',
    },
    domain: {
      student: 'La parte después de la @ es diferente.',
      employee: 'Se diferencian en la parte que va después de la @.',
      unknown: 'Se diferencian en la parte que va después de la @.',
    },
    local_part: {
      student: 'La parte antes de la @ es diferente.',
      employee: 'Se diferencian en la parte que va antes de la @.',
      unknown: 'Se diferencian en la parte que va antes de la @.',
    },
    other: {
      student: 'Tenemos otro correo tuyo.',
      employee: 'Son dos direcciones distintas.',
      unknown: 'Son dos direcciones distintas.',
    },
  },
} satisfies ProblemTexts;
