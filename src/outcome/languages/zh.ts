// Everything that visitors read, in Simplified Chinese.
import type { LanguageTexts } from '../language-texts.ts';

const showTeacher = ['请把这一页给老师看。'];
const sendToDistrict = ['请把下面的信息连同您的姓名发给学区的 Clever 管理员。'];
const sendToSummit = ['请把下面的信息连同您的姓名发给 Summit K12 客服。'];
const waitAMinute = ['等一分钟。', '然后再试一次。'];
const retryThenSupport = ['请等一分钟，然后再试。', '如果还是不行，请告诉 Summit K12 客服。'];
const pressTheButton = ['请按蓝色按钮。'];

export const chinese: LanguageTexts = {
  name: '简体中文',
  tag: 'zh-Hans',
  direction: 'ltr',
  sentenceGap: '',
  comma: '，',
  codes: {
    user_type_unsupported: {
      child: { heading: '这个账号在这里不能用', what: '它不是学生或学校的账号。', steps: showTeacher },
      adult: {
        heading: '这种 Clever 账号不能打开 Summit K12',
        what: 'Summit K12 供学生、教师、职员和管理员使用。Clever 说这个账号是其他类型，例如家庭联系人。',
        steps: sendToDistrict,
      },
      message: {
        what: 'Clever 给这个账号的用户类型是 Summit K12 不支持的。',
        ask: '请在 Clever 中检查它是否以学生、教师、职员或管理员的身份共享。',
      },
    },
    district_not_linked: {
      child: { heading: '你的学校还没准备好', what: '我们还不认识你的学校。', steps: showTeacher },
      adult: {
        heading: '您的学区还没有连接 Summit K12',
        what: 'Clever 告诉了我们您属于哪个学区，但 Summit K12 还没有连接它。',
        steps: sendToSummit,
      },
      message: { what: 'Clever 给出的学区没有与任何 Summit K12 学区关联。', ask: '请关联这个学区。' },
    },
    roster_pending: {
      child: {
        heading: '你的班级还没准备好',
        what: '学校还没有把班级名单给我们。',
        steps: ['明天再试一次。', '你可以把这一页给老师看。'],
      },
      adult: {
        heading: '您学区的名单还没有到',
        what: '您的学区已经连接，但 Summit K12 还没有收到名单（roster）。收到后您就能登录。',
        steps: ['请明天再试。', '如果时间更长，请把下面的信息发给学区里负责发送名单的人。'],
      },
      message: { what: 'Summit K12 还没有收到学区的名单（roster）。', ask: '请问什么时候发送？' },
    },
    email_missing: {
      child: { heading: '我们需要你的学校邮箱', what: 'Clever 没有把它发给我们。', steps: showTeacher },
      adult: {
        heading: 'Clever 没有发送您的邮箱地址',
        what: 'Summit K12 用邮箱地址查找您的账号，而 Clever 没有给我们。',
        steps: sendToDistrict,
      },
      message: {
        what: 'Clever 没有把这个人的邮箱地址给 Summit K12。',
        ask: '请在 Clever 中填入与名单（roster）相同的地址，并与 Summit K12 共享。',
      },
    },
    email_invalid: {
      child: { heading: '你的邮箱有错误', what: 'Clever 里的邮箱不对。', steps: showTeacher },
      adult: {
        heading: '您在 Clever 中的邮箱地址无效',
        what: 'Clever 发来的不是一个完整的邮箱地址，所以 Summit K12 找不到您的账号。',
        steps: sendToDistrict,
      },
      message: {
        what: 'Clever 中这个人的邮箱地址不是一个完整的地址。',
        ask: '请在 Clever 中改正，使它与名单（roster）中的地址相同。',
      },
    },
    ambiguous: {
      child: { heading: '这里有两个人都是“你”', what: '我们不知道哪一个是你。', steps: showTeacher },
      adult: {
        heading: '名单没有说明哪个账号是您的',
        what: '学区名单（roster）中有多个账号用您的地址，或者名单把您的账号给了两个人。我们不猜哪一个是您的。',
        steps: sendToDistrict,
      },
      message: {
        what: '学区名单（roster）中有多个账号用这个人的邮箱地址，或者名单把这个账号的 id 给了两个人。',
        ask: '请给名单中每个账号各自的地址，给每个人各自的 id。',
      },
    },
    role_conflict: {
      child: { heading: '有些东西对不上', what: 'Clever 和我们的名单不一样。', steps: showTeacher },
      adult: {
        heading: '您在 Clever 和名单中的身份不一致',
        what: 'Clever 和学区名单（roster）给您的地址不同的身份：一边是学生，另一边是学校员工。',
        steps: sendToDistrict,
      },
      message: {
        what: 'Clever 和名单（roster）给这个邮箱地址不同的身份：一边是学生，另一边是学校员工。',
        ask: '请改正错误的一边。',
      },
    },
    account_inactive: {
      child: { heading: '你现在不在名单上', what: '你以前在班级名单上。', steps: showTeacher },
      adult: {
        heading: '您已经不在名单上',
        what: '学区最新的名单（roster）里没有您，所以您的账号暂时关闭。您重新进入名单后，它会再打开。',
        steps: sendToDistrict,
      },
      message: {
        what: 'Summit K12 最新的名单（roster）里没有这个人了。',
        ask: '如果这是错误，请把这个人重新加入名单。',
      },
    },
    email_mismatch: {
      child: { heading: '你的邮箱对不上', what: 'Clever 里的和这里的不一样。', steps: showTeacher },
      adult: {
        heading: '您在 Clever 和名单中的邮箱地址不一致',
        what: 'Summit K12 会逐个字符比较这两个地址。',
        steps: sendToDistrict,
      },
      message: {
        what: '这个人在 Clever 和 Summit K12 名单（roster）中的邮箱地址不一样。',
        ask: '请把两个地址改成完全相同。',
      },
    },
    not_rostered: {
      child: { heading: '我们还找不到你', what: '你不在班级名单上。', steps: showTeacher },
      adult: {
        heading: '您不在名单上',
        what: '学区名单（roster）中没有账号用您的邮箱地址。',
        steps: sendToDistrict,
      },
      message: {
        what: 'Summit K12 的名单（roster）中没有账号用这个人在 Clever 中的邮箱地址。',
        ask: '请在名单中加入这个人，或改正地址。',
      },
    },
    identity_changed: {
      child: { heading: '我们要检查你的账号', what: '你的 Clever 账号对我们来说是新的。', steps: showTeacher },
      adult: {
        heading: '我们要检查这个账号是不是您的',
        what: '您的 Clever 账号不是当初打开这个账号的那一个。为了保护账号，我们停在这里。',
        steps: sendToSummit,
      },
      message: {
        what: '这个账号和 Clever 用户没有互相关联。',
        ask: '请与学区确认两者属于同一个人，然后解除关联。',
      },
    },
    app_not_shared: {
      child: { heading: 'Summit K12 还没有为你打开', what: '你的学校还没有打开它。', steps: showTeacher },
      adult: {
        heading: 'Clever 中没有共享 Summit K12',
        what: 'Clever 说学区没有把这个应用给这个人。',
        steps: sendToDistrict,
      },
      message: { what: 'Clever 说 Summit K12 没有与这个人共享。', ask: '请在 Clever 中与这个人共享该应用。' },
    },
    clever_denied: {
      child: {
        heading: '你没有登录',
        what: '这一次 Clever 没有让你进来。',
        steps: ['再试一次。', '如果不行，请问老师。'],
      },
      adult: {
        heading: 'Clever 中断了这次登录',
        what: '浏览器没有登录就从 Clever 返回了，例如因为登录被取消。',
        steps: ['请重新登录。', '如果再次发生，请告诉学区的 Clever 管理员。'],
      },
      message: {
        what: 'Clever 没有让这个人登录就返回了。',
        ask: '请在 Clever 中检查这个人是否可以使用 Summit K12。',
      },
    },
    sign_in_expired: {
      child: { heading: '我们重新开始吧', what: '这次登录太久了。', steps: pressTheButton },
      adult: {
        heading: '这次登录已过期',
        what: '它打开太久、已经用过，或者是在另一个浏览器中开始的。没有任何东西坏掉。',
        steps: ['请重新开始登录。'],
      },
      message: undefined,
    },
    cookies_blocked: {
      child: {
        heading: '这个浏览器记不住你',
        what: 'Cookie 关着。我们需要它才能让你登录。',
        steps: ['请老师打开 Cookie。', '然后再试一次。'],
      },
      adult: {
        heading: '这个浏览器阻止了我们的 Cookie',
        what: 'Summit K12 需要一个 Cookie 来保持登录，但这个浏览器没有保存它。',
        steps: [
          '请在浏览器设置中允许本网站的 Cookie，或换一个浏览器。',
          '然后重新登录。',
          '在学校的设备上，可能需要技术人员来允许。',
        ],
      },
      message: {
        what: '学校设备上的浏览器阻止了 Summit K12 登录的 Cookie。',
        ask: '请允许本页地址使用 Cookie。',
      },
    },
    malformed_request: {
      child: { heading: '这个链接不能用', what: '你可以重新开始。', steps: pressTheButton },
      adult: {
        heading: '这个地址不完整或不正确',
        what: '打开的链接有缺少、错误、重复或太长的部分。',
        steps: ['请从 Clever 门户打开 Summit K12，或在这里重新登录。'],
      },
      message: undefined,
    },
    clever_misconfigured: {
      child: { heading: '我们要修好一个地方', what: '这是我们的错。', steps: showTeacher },
      adult: {
        heading: 'Summit K12 必须修正与 Clever 的连接',
        what: 'Clever 没有接受我们这一边的登录。您和您的学区没有做错。',
        steps: sendToSummit,
      },
      message: {
        what: 'Clever 不接受 Summit K12 应用，或者没有发送身份。',
        ask: '请检查该应用在 Clever 的设置。',
      },
    },
    clever_rejected: {
      child: { heading: 'Clever 出了问题', what: '再试一次也许就好了。', steps: waitAMinute },
      adult: {
        heading: '无法接受 Clever 的回答',
        what: 'Clever 没有以我们可以信任的方式确认这次登录，所以我们停下了。',
        steps: retryThenSupport,
      },
      message: undefined,
    },
    clever_unavailable: {
      child: { heading: 'Clever 没有回答', what: 'Clever 需要一点时间。', steps: waitAMinute },
      adult: {
        heading: 'Clever 没有及时回答',
        what: '我们请 Clever 确认这次登录，但没有收到回答。',
        steps: ['请等一分钟，然后再试。', '如果持续，请查看 Clever 的状态页面。'],
      },
      message: undefined,
    },
    service_unavailable: {
      child: { heading: '现在打不开 Summit K12', what: '这是我们的错。', steps: waitAMinute },
      adult: { heading: 'Summit K12 登录目前不可用', what: '问题出在我们这一边。', steps: retryThenSupport },
      message: undefined,
    },
    rate_limited: {
      child: { heading: '请等一会儿', what: '试的次数太多了。', steps: waitAMinute },
      adult: {
        heading: '同时登录的次数太多',
        what: '短时间内尝试太多，所以我们稍停一下。',
        steps: ['请等一分钟，然后再试。'],
      },
      message: undefined,
    },
  },
  asks: {
    account_inactive: {
      clever:
        '名单来自 Clever。如果这是错误，请在 Clever 控制台中重新与应用 SK12 Secure Sync 共享这个人。Summit K12 每晚读取 Clever，不需要发送文件。',
      both: '如果这是错误，请把这个人重新加入名单。如果这个人的名单来自 Clever：请在 Clever 控制台中重新与应用 SK12 Secure Sync 共享这个人。Summit K12 每晚读取 Clever，不需要发送文件。',
      spreadsheet: '如果这是错误，请把这个人重新加入 Summit K12 的教师和职员表格。Clever 只把学生发给 Summit K12。',
    },
    not_rostered: {
      clever:
        '名单来自 Clever：请在 Clever 控制台中与应用 SK12 Secure Sync 共享这个人，并在其记录中填入 SIS 编号（SIS id）。Summit K12 在这个人再次登录时和每晚读取 Clever，不需要发送文件。',
      both: '请在名单中加入这个人，或改正地址。如果这个人的名单来自 Clever：请在 Clever 控制台中与应用 SK12 Secure Sync 共享这个人，并在其记录中填入 SIS 编号（SIS id）。Summit K12 在这个人再次登录时和每晚读取 Clever，不需要发送文件。',
      spreadsheet: '请在 Summit K12 的教师和职员表格中加入这个人，或改正地址。Clever 只把学生发给 Summit K12。',
    },
  },
  asksByDifference: {
    no_email: '请在名单（roster）中为这个人填上与 Clever 中完全相同的邮箱地址。',
  },
  differences: {
    whitespace: { child: '有一个多了空格。', adult: '其中一个多了一个空格。' },
    unicode: {
      child: '有个字母看起来一样，其实不一样。',
      adult: '其中一个有看起来相同但其实不同的字母，例如来自另一种字母表。',
    },
    case: { child: '大写和小写字母混了。', adult: '它们只有大写和小写字母不同。' },
    domain: { child: '@ 后面的部分不一样。', adult: '它们在 @ 后面的部分不同。' },
    local_part: { child: '@ 前面的部分不一样。', adult: '它们在 @ 前面的部分不同。' },
    other: { child: '我们这里有你的另一个邮箱。', adult: '它们是两个不同的地址。' },
    no_email: { child: '我们还没有你的邮箱。', adult: '名单中这个人没有邮箱地址。' },
  },
  sides: {
    clever: '不寻常的是 Clever 中的地址。',
    roster: '不寻常的是名单（roster）中的地址。',
  },
  pages: {
    logIn: '用 Clever 登录',
    tryAgain: '再试一次',
    signOut: '退出登录',
    language: '语言',
    help: 'Summit K12 客服',
    refusal: {
      nothingWrong: '你没有做错。',
      whoCanFix: '谁能解决',
      owners: {
        district: { child: '学校能解决。', adult: '学区的 Clever 管理员' },
        summit: { child: '我们能解决。', adult: 'Summit K12 客服' },
        clever: { child: 'Clever 能解决。', adult: 'Clever' },
        user: { child: '请这样做：', adult: '登录的人' },
        wait: { child: '我们只要等一等。', adult: '不需要谁：只需要时间' },
      },
      address: '您在 Clever 中的地址',
      notYou: {
        child: '不是你吗？',
        adult: '不是您的地址？那么这台设备上还有别人登录着 Clever。请在 clever.com 退出，然后重新开始。',
      },
      steps: '该怎么做',
      reference: { child: '你的代码', adult: '查询代码' },
      referenceUse: '客服用它查找这次登录。',
      message: '要发送的信息',
      messageOpening: '用 Clever 登录 Summit K12 没有成功。',
      messageAddress: 'Clever 中的地址',
      messageDistrict: '学区',
      messageDate: '日期',
      copy: '复制信息',
      copied: '已复制',
      writeEmail: '用电子邮件发送',
      forTeacher: '给老师',
      forAdults: '给老师和其他大人',
      forTeacherSend: {
        district: '请把这些连同学生姓名发给学区的 Clever 管理员：',
        summit: '请把这些连同学生姓名发给 Summit K12 客服：',
        school: '请把这些发给学校的技术人员：',
      },
      pictures: {
        district: '名单和放大镜',
        summit: '齿轮',
        clever: '云',
        user: '转一圈的箭头',
        wait: '时钟',
      },
    },
    start: { heading: '再点一下', what: '请按按钮。Clever 会让你登录 Summit K12。' },
    home: {
      heading: '欢迎来到 Summit K12',
      what: '请用学校的 Clever 账号登录。',
      help: '不知道 Clever 账号？请问老师或学校办公室。',
    },
    signedIn: {
      title: '已登录',
      greeting: '你好',
      picture: '友好的笑脸',
      roles: { student: '学生', teacher: '教师', staff: '职员', administrator: '管理员' },
      goOn: '前往 Summit K12',
      district: '您学区的登录情况',
      notYou: { child: '不是你吗？在这里退出', adult: '不是您吗？在这里退出' },
    },
    signedOut: {
      heading: '已退出登录',
      what: '这台设备上的 Summit K12 已关闭。',
      picture: '一扇门',
      sharedHeading: '还有别人用这台设备吗？',
      sharedWhy: '你可能还登录着 Clever。下一个人可能会打开你的东西。',
      sharedSteps: ['打开 clever.com。', '按你的名字，然后按“Log out”（退出）。', '关闭浏览器。'],
      leaveClever: '前往 clever.com',
    },
    notFound: { heading: '没有这个页面', what: '链接可能太旧或不完整。' },
    otherMethod: { heading: '这个页面不能这样用', what: '没有任何改变。请到首页再试。' },
    forbidden: { heading: '我们没有这样做', what: '这个请求不是来自 Summit K12 的页面。请到首页再试。' },
    goHome: '前往首页',
  },
};
