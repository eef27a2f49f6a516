// Everything that visitors read, in Portuguese as in Brazil.
import type { LanguageTexts } from '../language-texts.ts';

const showTeacher = ['Mostre esta página para a sua professora ou o seu professor.'];
const sendToDistrict = ['Envie a mensagem abaixo, com o seu nome, ao administrador do Clever do seu distrito.'];
const sendToSummit = ['Envie a mensagem abaixo, com o seu nome, ao suporte da Summit K12.'];
const waitAMinute = ['Espere um minuto.', 'Depois, tente de novo.'];
const retryThenSupport = [
  'Espere um minuto e tente de novo.',
  'Se acontecer outra vez, avise o suporte da Summit K12.',
];
const pressTheButton = ['Aperte o botão azul.'];

export const portuguese: LanguageTexts = {
  name: 'Português',
  tag: 'pt',
  direction: 'ltr',
  sentenceGap: ' ',
  comma: ', ',
  codes: {
    user_type_unsupported: {
      child: {
        heading: 'Esta conta não funciona aqui',
        what: 'Não é uma conta de aluno nem da escola.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Este tipo de conta do Clever não pode abrir o Summit K12',
        what: 'O Summit K12 é para alunos, professores, funcionários e administradores. O Clever informa que esta conta é de outro tipo, por exemplo, um contato da família.',
        steps: sendToDistrict,
      },
      message: {
        what: 'O Clever informa para esta conta um tipo de usuário que o Summit K12 não aceita.',
        ask: 'Por favor, verifiquem no Clever se ela está compartilhada como aluno, professor, funcionário ou administrador.',
      },
    },
    district_not_linked: {
      child: {
        heading: 'A sua escola ainda não está pronta',
        what: 'Ainda não conhecemos a sua escola.',
        steps: showTeacher,
      },
      adult: {
        heading: 'O seu distrito ainda não está conectado ao Summit K12',
        what: 'O Clever nos informou qual é o seu distrito, mas a Summit K12 ainda não o conectou.',
        steps: sendToSummit,
      },
      message: {
        what: 'O Clever informa um distrito que não está vinculado a nenhum distrito do Summit K12.',
        ask: 'Por favor, façam o vínculo.',
      },
    },
    roster_pending: {
      child: {
        heading: 'A sua turma ainda não está pronta',
        what: 'A sua escola ainda não nos enviou a lista da turma.',
        steps: ['Tente de novo amanhã.', 'Você pode mostrar esta página na escola.'],
      },
      adult: {
        heading: 'As listas do seu distrito ainda não chegaram',
        what: 'O seu distrito está conectado, mas o Summit K12 ainda não recebeu as listas (roster). Assim que chegarem, a entrada vai funcionar.',
        steps: [
          'Tente de novo amanhã.',
          'Se demorar mais, envie a mensagem abaixo à pessoa do seu distrito que envia as listas.',
        ],
      },
      message: {
        what: 'O Summit K12 ainda não recebeu as listas (roster) do distrito.',
        ask: 'Quando elas serão enviadas?',
      },
    },
    email_missing: {
      child: {
        heading: 'Falta o seu e-mail da escola',
        what: 'O Clever não enviou o e-mail para nós.',
        steps: showTeacher,
      },
      adult: {
        heading: 'O Clever não enviou o seu e-mail',
        what: 'O Summit K12 encontra a sua conta pelo seu e-mail, e o Clever não nos deu nenhum.',
        steps: sendToDistrict,
      },
      message: {
        what: 'O Clever não dá ao Summit K12 o e-mail desta pessoa.',
        ask: 'Por favor, coloquem no Clever o mesmo e-mail que está nas listas (roster) e compartilhem-no com o Summit K12.',
      },
    },
    email_invalid: {
      child: {
        heading: 'O seu e-mail tem um erro',
        what: 'O e-mail que está no Clever não está certo.',
        steps: showTeacher,
      },
      adult: {
        heading: 'O seu e-mail no Clever não é válido',
        what: 'O que o Clever enviou como seu e-mail não é um único endereço completo, por isso o Summit K12 não consegue encontrar a sua conta.',
        steps: sendToDistrict,
      },
      message: {
        what: 'O e-mail que o Clever tem para esta pessoa não é um único endereço completo.',
        ask: 'Por favor, corrijam-no no Clever para que seja igual ao das listas (roster).',
      },
    },
    ambiguous: {
      child: {
        heading: 'Há duas pessoas no seu lugar',
        what: 'Não sabemos qual conta é a sua.',
        steps: showTeacher,
      },
      adult: {
        heading: 'As listas não dizem qual conta é a sua',
        what: 'Mais de uma conta nas listas (roster) do seu distrito tem o seu e-mail, ou as listas dão a sua conta a duas pessoas. Não adivinhamos qual é a sua.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Mais de uma conta nas listas (roster) do distrito tem o e-mail desta pessoa, ou as listas dão o id da conta a duas pessoas.',
        ask: 'Por favor, deem a cada conta das listas o seu próprio e-mail, e a cada pessoa o seu próprio id.',
      },
    },
    role_conflict: {
      child: {
        heading: 'Alguma coisa não combina',
        what: 'O Clever e a nossa lista não dizem o mesmo.',
        steps: showTeacher,
      },
      adult: {
        heading: 'A sua função no Clever e nas listas não é a mesma',
        what: 'O Clever e as listas (roster) do seu distrito dão funções diferentes ao seu e-mail: de um lado, aluno; do outro, funcionário da escola.',
        steps: sendToDistrict,
      },
      message: {
        what: 'O Clever e as listas (roster) dão funções diferentes a este e-mail: de um lado, aluno; do outro, funcionário da escola.',
        ask: 'Por favor, corrijam a que estiver errada.',
      },
    },
    account_inactive: {
      child: {
        heading: 'Agora o seu nome não está na lista',
        what: 'Antes ele estava na nossa lista da turma.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Você não está mais nas listas',
        what: 'As listas (roster) mais novas do seu distrito não têm mais o seu nome, por isso a sua conta está fechada por enquanto. Ela abre de novo quando você voltar às listas.',
        steps: sendToDistrict,
      },
      message: {
        what: 'As listas (roster) mais novas para o Summit K12 não têm mais esta pessoa.',
        ask: 'Se for um erro, por favor, coloquem a pessoa de novo nas listas.',
      },
    },
    email_mismatch: {
      child: { heading: 'O seu e-mail não combina', what: 'No Clever ele não é igual ao daqui.', steps: showTeacher },
      adult: {
        heading: 'O seu e-mail no Clever e nas listas não é o mesmo',
        what: 'O Summit K12 compara os dois letra por letra.',
        steps: sendToDistrict,
      },
      message: {
        what: 'O e-mail desta pessoa no Clever e nas listas (roster) para o Summit K12 não é o mesmo.',
        ask: 'Por favor, deixem os dois exatamente iguais.',
      },
    },
    not_rostered: {
      child: {
        heading: 'Ainda não encontramos você',
        what: 'O seu nome não está na nossa lista da turma.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Você não está nas listas',
        what: 'Nenhuma conta das listas (roster) do seu distrito tem o seu e-mail.',
        steps: sendToDistrict,
      },
      message: {
        what: 'As listas (roster) para o Summit K12 não têm nenhuma conta com o e-mail que esta pessoa tem no Clever.',
        ask: 'Por favor, coloquem a pessoa nas listas ou corrijam o e-mail.',
      },
    },
    identity_changed: {
      child: {
        heading: 'Precisamos conferir a sua conta',
        what: 'A sua conta do Clever é nova para nós.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Precisamos conferir se esta conta é sua',
        what: 'A sua conta do Clever não é a mesma com que esta conta foi aberta. Para proteger a conta, paramos aqui.',
        steps: sendToSummit,
      },
      message: {
        what: 'A conta e o usuário do Clever não estão vinculados um ao outro.',
        ask: 'Por favor, confirmem com o distrito que são da mesma pessoa e liberem o vínculo.',
      },
    },
    app_not_shared: {
      child: {
        heading: 'O Summit K12 não está ligado para você',
        what: 'A sua escola ainda não ligou.',
        steps: showTeacher,
      },
      adult: {
        heading: 'O Summit K12 não está compartilhado no Clever',
        what: 'O Clever informa que o distrito não deu este aplicativo a esta pessoa.',
        steps: sendToDistrict,
      },
      message: {
        what: 'O Clever informa que o Summit K12 não está compartilhado com esta pessoa.',
        ask: 'Por favor, compartilhem o aplicativo com ela no Clever.',
      },
    },
    clever_denied: {
      child: {
        heading: 'Você não entrou',
        what: 'O Clever não deixou você entrar desta vez.',
        steps: ['Tente de novo.', 'Se não der certo, pergunte na escola.'],
      },
      adult: {
        heading: 'O Clever interrompeu esta entrada',
        what: 'O Clever mandou o navegador de volta sem entrar, por exemplo, porque a entrada foi cancelada.',
        steps: ['Entre de novo.', 'Se acontecer outra vez, avise o administrador do Clever do seu distrito.'],
      },
      message: {
        what: 'O Clever mandou esta pessoa de volta sem deixá-la entrar.',
        ask: 'Por favor, verifiquem no Clever se a pessoa pode usar o Summit K12.',
      },
    },
    sign_in_expired: {
      child: { heading: 'Vamos começar de novo', what: 'Passou muito tempo.', steps: pressTheButton },
      adult: {
        heading: 'O tempo desta entrada acabou',
        what: 'Ela ficou aberta tempo demais, já foi usada ou começou em outro navegador. Nada está quebrado.',
        steps: ['Comece uma nova entrada.'],
      },
      message: undefined,
    },
    cookies_blocked: {
      child: {
        heading: 'Este navegador esquece você',
        what: 'Os cookies estão desligados. Precisamos deles para você entrar.',
        steps: ['Peça na escola para ligarem os cookies.', 'Depois, tente de novo.'],
      },
      adult: {
        heading: 'Este navegador bloqueia os nossos cookies',
        what: 'O Summit K12 precisa de um cookie para manter a pessoa conectada, e este navegador não o guardou.',
        steps: [
          'Permita os cookies deste site nas configurações do navegador ou use outro navegador.',
          'Depois, entre de novo.',
          'Em um aparelho da escola, talvez a equipe de tecnologia precise permitir.',
        ],
      },
      message: {
        what: 'O navegador de um aparelho da escola bloqueia os cookies da entrada do Summit K12.',
        ask: 'Por favor, permitam os cookies para o endereço desta página.',
      },
    },
    malformed_request: {
      child: { heading: 'Este link não funciona', what: 'Você pode começar de novo.', steps: pressTheButton },
      adult: {
        heading: 'Este endereço não está completo ou não está certo',
        what: 'O link que foi aberto tem partes que faltam, estão erradas, repetidas ou longas demais.',
        steps: ['Abra o Summit K12 pelo portal do Clever ou comece aqui uma nova entrada.'],
      },
      message: undefined,
    },
    clever_misconfigured: {
      child: { heading: 'Temos que consertar uma coisa', what: 'O erro é nosso.', steps: showTeacher },
      adult: {
        heading: 'A Summit K12 precisa corrigir a sua conexão com o Clever',
        what: 'O Clever não aceitou a nossa parte da entrada. O erro não é seu nem do seu distrito.',
        steps: sendToSummit,
      },
      message: {
        what: 'O Clever não aceita o aplicativo Summit K12 ou não envia a identidade.',
        ask: 'Por favor, verifiquem as configurações do aplicativo no Clever.',
      },
    },
    clever_rejected: {
      child: { heading: 'O Clever teve um problema', what: 'Talvez dê certo na próxima vez.', steps: waitAMinute },
      adult: {
        heading: 'Não pudemos aceitar a resposta do Clever',
        what: 'O Clever não confirmou esta entrada de um jeito em que possamos confiar, por isso paramos.',
        steps: retryThenSupport,
      },
      message: undefined,
    },
    clever_unavailable: {
      child: { heading: 'O Clever não responde', what: 'O Clever precisa de um tempinho.', steps: waitAMinute },
      adult: {
        heading: 'O Clever não respondeu a tempo',
        what: 'Pedimos ao Clever que confirmasse a entrada e não houve resposta.',
        steps: ['Espere um minuto e tente de novo.', 'Se continuar, veja a página de status do Clever.'],
      },
      message: undefined,
    },
    service_unavailable: {
      child: { heading: 'Não podemos abrir o Summit K12 agora', what: 'O erro é nosso.', steps: waitAMinute },
      adult: {
        heading: 'A entrada do Summit K12 não está disponível agora',
        what: 'O problema é nosso.',
        steps: retryThenSupport,
      },
      message: undefined,
    },
    rate_limited: {
      child: { heading: 'Espere um pouquinho', what: 'Houve tentativas demais.', steps: waitAMinute },
      adult: {
        heading: 'Entradas demais ao mesmo tempo',
        what: 'Houve muitas tentativas em pouco tempo, por isso fazemos uma pausa curta.',
        steps: ['Espere um minuto e tente de novo.'],
      },
      message: undefined,
    },
  },
  asks: {
    account_inactive: {
      clever:
        'As listas vêm do Clever. Se for um erro, por favor, compartilhem de novo a pessoa com o aplicativo SK12 Secure Sync no painel do Clever. O Summit K12 lê o Clever todas as noites; não é preciso enviar nenhum arquivo.',
      both: 'Se for um erro, por favor, coloquem a pessoa de novo nas listas. Se as listas desta pessoa vêm do Clever: por favor, compartilhem de novo a pessoa com o aplicativo SK12 Secure Sync no painel do Clever. O Summit K12 lê o Clever todas as noites; não é preciso enviar nenhum arquivo.',
      spreadsheet:
        'Se for um erro, por favor, coloquem a pessoa de novo na planilha de professores e funcionários para o Summit K12. O Clever envia ao Summit K12 somente os alunos.',
    },
    not_rostered: {
      clever:
        'As listas vêm do Clever: por favor, compartilhem a pessoa com o aplicativo SK12 Secure Sync no painel do Clever e deem ao registro dela um número do SIS (SIS id). O Summit K12 lê o Clever quando a pessoa entra de novo e todas as noites; não é preciso enviar nenhum arquivo.',
      both: 'Por favor, coloquem a pessoa nas listas ou corrijam o e-mail. Se as listas desta pessoa vêm do Clever: por favor, compartilhem a pessoa com o aplicativo SK12 Secure Sync no painel do Clever e deem ao registro dela um número do SIS (SIS id). O Summit K12 lê o Clever quando a pessoa entra de novo e todas as noites; não é preciso enviar nenhum arquivo.',
      spreadsheet:
        'Por favor, coloquem a pessoa na planilha de professores e funcionários para o Summit K12 ou corrijam o e-mail. O Clever envia ao Summit K12 somente os alunos.',
    },
  },
  asksByDifference: {
    no_email: 'Por favor, coloquem nas listas (roster) o mesmo e-mail que esta pessoa tem no Clever.',
  },
  differences: {
    whitespace: { child: 'Um deles tem um espaço a mais.', adult: 'Um dos dois tem um espaço a mais.' },
    unicode: {
      child: 'Uma letra parece igual, mas não é.',
      adult: 'Um dos dois tem uma letra que parece igual mas é outra, por exemplo, de outro alfabeto.',
    },
    case: {
      child: 'Letras grandes e pequenas estão trocadas.',
      adult: 'A única diferença está nas letras maiúsculas e minúsculas.',
    },
    domain: { child: 'A parte depois do @ é diferente.', adult: 'A diferença está na parte depois do @.' },
    local_part: { child: 'A parte antes do @ é diferente.', adult: 'A diferença está na parte antes do @.' },
    other: { child: 'Temos outro e-mail seu.', adult: 'São dois endereços diferentes.' },
    no_email: { child: 'Ainda não temos o seu e-mail.', adult: 'Nas listas, esta pessoa está sem e-mail.' },
  },
  sides: {
    clever: 'O incomum é o e-mail que está no Clever.',
    roster: 'O incomum é o e-mail que está nas listas (roster).',
  },
  pages: {
    logIn: 'Entrar com o Clever',
    tryAgain: 'Tentar de novo',
    signOut: 'Sair',
    language: 'Idioma',
    help: 'Suporte da Summit K12',
    refusal: {
      nothingWrong: 'Você não fez nada de errado.',
      whoCanFix: 'Quem pode resolver',
      owners: {
        district: { child: 'A sua escola pode resolver.', adult: 'O administrador do Clever do seu distrito' },
        summit: { child: 'Nós podemos resolver.', adult: 'O suporte da Summit K12' },
        clever: { child: 'O Clever pode resolver.', adult: 'Clever' },
        user: { child: 'Faça isto:', adult: 'A pessoa que entra' },
        wait: { child: 'Só precisamos esperar.', adult: 'Ninguém: só é preciso tempo' },
      },
      address: 'O seu e-mail no Clever',
      notYou: {
        child: 'Não é você?',
        adult:
          'Não é o seu e-mail? Então outra pessoa ainda está com o Clever aberto neste aparelho. Saia em clever.com e comece de novo.',
      },
      steps: 'O que fazer',
      reference: { child: 'O seu código', adult: 'Referência' },
      referenceUse: 'Com ela, o suporte encontra esta entrada.',
      message: 'Mensagem para enviar',
      messageOpening: 'Uma entrada no Summit K12 com o Clever não funcionou.',
      messageAddress: 'E-mail no Clever',
      messageDistrict: 'Distrito',
      messageDate: 'Data',
      copy: 'Copiar a mensagem',
      copied: 'Copiada',
      writeEmail: 'Enviar por e-mail',
      forTeacher: 'Para a professora ou o professor',
      forAdults: 'Para professores e outros adultos',
      forTeacherSend: {
        district: 'Por favor, envie isto, com o nome do aluno, ao administrador do Clever do seu distrito:',
        summit: 'Por favor, envie isto, com o nome do aluno, ao suporte da Summit K12:',
        school: 'Por favor, envie isto à equipe de tecnologia da sua escola:',
      },
      pictures: {
        district: 'Uma lista com uma lupa',
        summit: 'Uma engrenagem',
        clever: 'Uma nuvem',
        user: 'Uma seta que dá a volta',
        wait: 'Um relógio',
      },
    },
    start: { heading: 'Só mais um toque', what: 'Aperte o botão. O Clever abre o Summit K12 para você.' },
    home: {
      heading: 'Boas-vindas ao Summit K12',
      what: 'Entre com a sua conta escolar do Clever.',
      help: 'Não sabe a sua conta do Clever? Pergunte na escola.',
    },
    signedIn: {
      title: 'Você entrou',
      greeting: 'Olá',
      picture: 'Um rosto amigo',
      roles: { student: 'Estudante', teacher: 'Docente', staff: 'Equipe da escola', administrator: 'Administração' },
      goOn: 'Ir para o Summit K12',
      district: 'Os acessos do seu distrito',
      notYou: { child: 'Não é você? Saia aqui', adult: 'Não é você? Saia aqui' },
    },
    signedOut: {
      heading: 'Você saiu',
      what: 'O Summit K12 está fechado neste aparelho.',
      picture: 'Uma porta',
      sharedHeading: 'Outra pessoa usa este aparelho?',
      sharedWhy: 'Talvez o Clever ainda esteja aberto com a sua conta. A próxima pessoa poderia ver as suas coisas.',
      sharedSteps: ['Vá para clever.com.', 'Aperte o seu nome e depois “Log out” (sair).', 'Feche o navegador.'],
      leaveClever: 'Ir para clever.com',
    },
    notFound: { heading: 'Esta página não existe', what: 'Talvez o link seja antigo ou não esteja completo.' },
    otherMethod: {
      heading: 'Esta página não pode ser usada assim',
      what: 'Nada mudou. Vá para a página inicial e tente lá.',
    },
    forbidden: {
      heading: 'Não fizemos isso',
      what: 'O pedido não veio de uma página do Summit K12. Vá para a página inicial e tente lá.',
    },
    goHome: 'Ir para a página inicial',
  },
};
