// Everything that visitors read, in Arabic, from right to left.
import type { LanguageTexts } from '../language-texts.ts';

const showTeacher = ['أرِ هذه الصفحة لمعلمك أو معلمتك.'];
const sendToDistrict = ['أرسل الرسالة أدناه، مع اسمك، إلى مسؤول Clever في المنطقة التعليمية.'];
const sendToSummit = ['أرسل الرسالة أدناه، مع اسمك، إلى دعم Summit K12.'];
const waitAMinute = ['انتظر دقيقة واحدة.', 'ثم حاول مرة أخرى.'];
const retryThenSupport = ['انتظر دقيقة، ثم حاول مرة أخرى.', 'إذا تكرر ذلك، فأخبر دعم Summit K12.'];
const pressTheButton = ['اضغط على الزر الأزرق.'];

export const arabic: LanguageTexts = {
  name: 'العربية',
  tag: 'ar',
  direction: 'rtl',
  sentenceGap: ' ',
  comma: '، ',
  codes: {
    user_type_unsupported: {
      child: {
        heading: 'هذا الحساب لا يعمل هنا',
        what: 'هذا ليس حساب طالب أو حساب مدرسة.',
        steps: showTeacher,
      },
      adult: {
        heading: 'هذا النوع من حسابات Clever لا يفتح Summit K12',
        what: 'Summit K12 للطلاب والمعلمين والموظفين والمسؤولين. يقول Clever إن هذا الحساب من نوع آخر، مثل جهة اتصال من العائلة.',
        steps: sendToDistrict,
      },
      message: {
        what: 'يعطي Clever هذا الحساب نوعًا لا يدعمه Summit K12.',
        ask: 'يُرجى التحقق في Clever من مشاركته بصفة طالب أو معلم أو موظف أو مسؤول.',
      },
    },
    district_not_linked: {
      child: { heading: 'مدرستك ليست جاهزة بعد', what: 'لا نعرف مدرستك بعد.', steps: showTeacher },
      adult: {
        heading: 'المنطقة التعليمية غير متصلة بـ Summit K12 بعد',
        what: 'أخبرنا Clever بمنطقتك التعليمية، لكن Summit K12 لم يربطها بعد.',
        steps: sendToSummit,
      },
      message: {
        what: 'يذكر Clever منطقة تعليمية غير مرتبطة بأي منطقة في Summit K12.',
        ask: 'يُرجى ربطها.',
      },
    },
    roster_pending: {
      child: {
        heading: 'صفك ليس جاهزًا بعد',
        what: 'لم ترسل مدرستك قائمة الصف بعد.',
        steps: ['حاول مرة أخرى غدًا.', 'يمكنك أن تُري معلمك هذه الصفحة.'],
      },
      adult: {
        heading: 'لم تصل قوائم المنطقة التعليمية بعد',
        what: 'المنطقة التعليمية متصلة، لكن Summit K12 لم يستلم قوائمها (roster) بعد. عندما تصل، يمكنك تسجيل الدخول.',
        steps: ['حاول مرة أخرى غدًا.', 'إذا طال الأمر، فأرسل الرسالة أدناه إلى من يرسل القوائم في منطقتك.'],
      },
      message: { what: 'لم يستلم Summit K12 قوائم المنطقة التعليمية (roster) بعد.', ask: 'متى سيتم إرسالها؟' },
    },
    email_missing: {
      child: { heading: 'نحتاج إلى بريدك المدرسي', what: 'لم يرسله Clever إلينا.', steps: showTeacher },
      adult: {
        heading: 'لم يرسل Clever عنوان بريدك الإلكتروني',
        what: 'يجد Summit K12 حسابك بعنوان بريدك الإلكتروني، ولم يعطنا Clever أي عنوان.',
        steps: sendToDistrict,
      },
      message: {
        what: 'لا يعطي Clever لـ Summit K12 عنوان البريد الإلكتروني لهذا الشخص.',
        ask: 'يُرجى إضافة العنوان الموجود في القوائم (roster) نفسه إلى Clever ومشاركته مع Summit K12.',
      },
    },
    email_invalid: {
      child: { heading: 'في بريدك خطأ', what: 'البريد الموجود في Clever غير صحيح.', steps: showTeacher },
      adult: {
        heading: 'عنوان بريدك الإلكتروني في Clever غير صالح',
        what: 'ما أرسله Clever ليس عنوانًا واحدًا كاملًا، لذلك لا يستطيع Summit K12 إيجاد حسابك.',
        steps: sendToDistrict,
      },
      message: {
        what: 'عنوان البريد الإلكتروني لهذا الشخص في Clever ليس عنوانًا واحدًا كاملًا.',
        ask: 'يُرجى تصحيحه في Clever ليطابق العنوان الموجود في القوائم (roster).',
      },
    },
    ambiguous: {
      child: { heading: 'نجد شخصين بدل واحد', what: 'لا نعرف أيهما أنت.', steps: showTeacher },
      adult: {
        heading: 'القوائم لا تبيّن أي حساب هو حسابك',
        what: 'أكثر من حساب في قوائم المنطقة التعليمية (roster) له عنوانك، أو أن القوائم تعطي حسابك لشخصين. نحن لا نخمّن أيها لك.',
        steps: sendToDistrict,
      },
      message: {
        what: 'أكثر من حساب في قوائم المنطقة التعليمية (roster) له عنوان البريد الإلكتروني لهذا الشخص، أو أن القوائم تعطي رقم حسابه (id) لشخصين.',
        ask: 'يُرجى إعطاء كل حساب في القوائم عنوانًا خاصًا به، وكل شخص رقمًا (id) خاصًا به.',
      },
    },
    role_conflict: {
      child: { heading: 'هناك شيء غير متطابق', what: 'ما في Clever ليس مثل قائمتنا.', steps: showTeacher },
      adult: {
        heading: 'دورك في Clever وفي القوائم غير متطابق',
        what: 'يعطي Clever وقوائم المنطقة التعليمية (roster) عنوانك دورين مختلفين: أحدهما طالب والآخر موظف في المدرسة.',
        steps: sendToDistrict,
      },
      message: {
        what: 'يعطي Clever والقوائم (roster) هذا العنوان دورين مختلفين: أحدهما طالب والآخر موظف في المدرسة.',
        ask: 'يُرجى تصحيح الدور الخاطئ.',
      },
    },
    account_inactive: {
      child: { heading: 'لست في القائمة الآن', what: 'كنت في قائمة الصف من قبل.', steps: showTeacher },
      adult: {
        heading: 'لم تعد في القوائم',
        what: 'لم تعد أحدث قوائم المنطقة التعليمية (roster) تذكرك، لذلك حسابك مغلق الآن. سيُفتح من جديد عندما تعود إلى القوائم.',
        steps: sendToDistrict,
      },
      message: {
        what: 'لم تعد أحدث قوائم Summit K12 (roster) تذكر هذا الشخص.',
        ask: 'إذا كان ذلك خطأ، فيُرجى إضافة الشخص إلى القوائم مرة أخرى.',
      },
    },
    email_mismatch: {
      child: { heading: 'بريدك غير متطابق', what: 'هو في Clever غير ما عندنا.', steps: showTeacher },
      adult: {
        heading: 'عنوان بريدك في Clever وفي القوائم غير متطابق',
        what: 'يقارن Summit K12 بين العنوانين حرفًا حرفًا.',
        steps: sendToDistrict,
      },
      message: {
        what: 'عنوان البريد الإلكتروني لهذا الشخص في Clever وفي قوائم Summit K12 (roster) ليس نفسه.',
        ask: 'يُرجى جعل العنوانين متطابقين تمامًا.',
      },
    },
    not_rostered: {
      child: { heading: 'لم نجدك بعد', what: 'لست في قائمة الصف.', steps: showTeacher },
      adult: {
        heading: 'لست في القوائم',
        what: 'لا يوجد في قوائم المنطقة التعليمية (roster) حساب له عنوان بريدك الإلكتروني.',
        steps: sendToDistrict,
      },
      message: {
        what: 'لا يوجد في قوائم Summit K12 (roster) حساب له عنوان البريد الإلكتروني لهذا الشخص في Clever.',
        ask: 'يُرجى إضافة الشخص إلى القوائم أو تصحيح العنوان فيها.',
      },
    },
    identity_changed: {
      child: { heading: 'نحتاج أن نراجع حسابك', what: 'حسابك في Clever جديد علينا.', steps: showTeacher },
      adult: {
        heading: 'نحتاج أن نتأكد من أن هذا الحساب لك',
        what: 'حسابك في Clever ليس الحساب الذي فُتح به هذا الحساب. لحماية الحساب توقفنا هنا.',
        steps: sendToSummit,
      },
      message: {
        what: 'الحساب ومستخدم Clever غير مرتبطين ببعضهما.',
        ask: 'يُرجى التأكد مع المنطقة التعليمية من أنهما للشخص نفسه، ثم فك الارتباط.',
      },
    },
    app_not_shared: {
      child: { heading: 'لم يُفتح Summit K12 لك بعد', what: 'لم تفتحه مدرستك بعد.', steps: showTeacher },
      adult: {
        heading: 'لم تتم مشاركة Summit K12 في Clever',
        what: 'يقول Clever إن المنطقة التعليمية لم تعطِ هذا التطبيق لهذا الشخص.',
        steps: sendToDistrict,
      },
      message: {
        what: 'يقول Clever إنه لم تتم مشاركة Summit K12 مع هذا الشخص.',
        ask: 'يُرجى مشاركة التطبيق معه في Clever.',
      },
    },
    clever_denied: {
      child: {
        heading: 'لم تسجل الدخول',
        what: 'لم يسمح لك Clever بالدخول هذه المرة.',
        steps: ['حاول مرة أخرى.', 'إذا لم ينجح ذلك، فاسأل معلمك.'],
      },
      adult: {
        heading: 'أوقف Clever تسجيل الدخول هذا',
        what: 'أعاد Clever المتصفح دون تسجيل الدخول، مثلًا لأنه أُلغي.',
        steps: ['سجّل الدخول مرة أخرى.', 'إذا تكرر ذلك، فأخبر مسؤول Clever في المنطقة التعليمية.'],
      },
      message: {
        what: 'أعاد Clever هذا الشخص دون تسجيل دخوله.',
        ask: 'يُرجى التحقق في Clever من أن هذا الشخص يستطيع استخدام Summit K12.',
      },
    },
    sign_in_expired: {
      child: { heading: 'لنبدأ من جديد', what: 'مرّ وقت طويل.', steps: pressTheButton },
      adult: {
        heading: 'انتهى وقت تسجيل الدخول هذا',
        what: 'بقي مفتوحًا وقتًا طويلًا، أو استُخدم من قبل، أو بدأ في متصفح آخر. لم يتعطل شيء.',
        steps: ['ابدأ تسجيل دخول جديدًا.'],
      },
      message: undefined,
    },
    cookies_blocked: {
      child: {
        heading: 'هذا المتصفح ينساك',
        what: 'ملفات cookies مغلقة. نحتاج إليها لكي تدخل.',
        steps: ['اطلب من معلمك تشغيل cookies.', 'ثم حاول مرة أخرى.'],
      },
      adult: {
        heading: 'هذا المتصفح يمنع ملفات cookies الخاصة بنا',
        what: 'يحتاج Summit K12 إلى ملف cookie لإبقاء الدخول، ولم يحفظه هذا المتصفح.',
        steps: [
          'اسمح بملفات cookies لهذا الموقع في إعدادات المتصفح، أو استخدم متصفحًا آخر.',
          'ثم سجّل الدخول مرة أخرى.',
          'على جهاز المدرسة قد يلزم أن يسمح بها فريق التقنية.',
        ],
      },
      message: {
        what: 'يمنع متصفح على جهاز في المدرسة ملفات cookies الخاصة بتسجيل الدخول إلى Summit K12.',
        ask: 'يُرجى السماح بملفات cookies لعنوان هذه الصفحة.',
      },
    },
    malformed_request: {
      child: { heading: 'هذا الرابط لا يعمل', what: 'يمكنك أن تبدأ من جديد.', steps: pressTheButton },
      adult: {
        heading: 'هذا العنوان غير كامل أو غير صحيح',
        what: 'في الرابط الذي فُتح أجزاء ناقصة أو خاطئة أو مكررة أو طويلة جدًا.',
        steps: ['افتح Summit K12 من بوابة Clever، أو ابدأ هنا تسجيل دخول جديدًا.'],
      },
      message: undefined,
    },
    clever_misconfigured: {
      child: { heading: 'علينا إصلاح شيء', what: 'هذا خطؤنا نحن.', steps: showTeacher },
      adult: {
        heading: 'على Summit K12 إصلاح اتصاله بـ Clever',
        what: 'لم يقبل Clever الجزء الخاص بنا من تسجيل الدخول. لم تخطئ أنت ولا المنطقة التعليمية.',
        steps: sendToSummit,
      },
      message: {
        what: 'لا يقبل Clever تطبيق Summit K12، أو لا يرسل الهوية.',
        ask: 'يُرجى التحقق من إعدادات التطبيق في Clever.',
      },
    },
    clever_rejected: {
      child: { heading: 'حدثت مشكلة في Clever', what: 'قد ينجح الأمر إذا حاولت مرة أخرى.', steps: waitAMinute },
      adult: {
        heading: 'لم نستطع قبول رد Clever',
        what: 'لم يؤكد Clever تسجيل الدخول هذا بطريقة نثق بها، لذلك توقفنا.',
        steps: retryThenSupport,
      },
      message: undefined,
    },
    clever_unavailable: {
      child: { heading: 'Clever لا يرد', what: 'يحتاج Clever إلى بعض الوقت.', steps: waitAMinute },
      adult: {
        heading: 'لم يرد Clever في الوقت المناسب',
        what: 'طلبنا من Clever تأكيد تسجيل الدخول ولم يصل رد.',
        steps: ['انتظر دقيقة، ثم حاول مرة أخرى.', 'إذا استمر ذلك، فانظر صفحة حالة Clever.'],
      },
      message: undefined,
    },
    service_unavailable: {
      child: { heading: 'لا نستطيع فتح Summit K12 الآن', what: 'هذا خطؤنا نحن.', steps: waitAMinute },
      adult: {
        heading: 'تسجيل الدخول إلى Summit K12 غير متاح الآن',
        what: 'المشكلة من جهتنا.',
        steps: retryThenSupport,
      },
      message: undefined,
    },
    rate_limited: {
      child: { heading: 'انتظر قليلًا من فضلك', what: 'كانت هناك محاولات كثيرة.', steps: waitAMinute },
      adult: {
        heading: 'محاولات دخول كثيرة في وقت واحد',
        what: 'كانت هناك محاولات كثيرة جدًا في وقت قصير، لذلك نتوقف قليلًا.',
        steps: ['انتظر دقيقة، ثم حاول مرة أخرى.'],
      },
      message: undefined,
    },
  },
  asks: {
    account_inactive: {
      clever:
        'تأتي القوائم من Clever. إذا كان ذلك خطأ، فيُرجى مشاركة الشخص مرة أخرى مع تطبيق SK12 Secure Sync في لوحة Clever. يقرأ Summit K12 بيانات Clever كل ليلة؛ لا حاجة إلى إرسال أي ملف.',
      both: 'إذا كان ذلك خطأ، فيُرجى إضافة الشخص إلى القوائم مرة أخرى. إذا كانت قوائم هذا الشخص تأتي من Clever: يُرجى مشاركة الشخص مرة أخرى مع تطبيق SK12 Secure Sync في لوحة Clever. يقرأ Summit K12 بيانات Clever كل ليلة؛ لا حاجة إلى إرسال أي ملف.',
      spreadsheet:
        'إذا كان ذلك خطأ، فيُرجى إضافة الشخص مرة أخرى إلى جدول المعلمين والموظفين الخاص بـ Summit K12. يرسل Clever إلى Summit K12 الطلاب فقط.',
    },
    not_rostered: {
      clever:
        'تأتي القوائم من Clever: يُرجى مشاركة الشخص مع تطبيق SK12 Secure Sync في لوحة Clever، وإعطاء سجله رقم SIS (SIS id). يقرأ Summit K12 بيانات Clever عندما يسجل الشخص الدخول مرة أخرى، وكل ليلة؛ لا حاجة إلى إرسال أي ملف.',
      both: 'يُرجى إضافة الشخص إلى القوائم أو تصحيح العنوان فيها. إذا كانت قوائم هذا الشخص تأتي من Clever: يُرجى مشاركة الشخص مع تطبيق SK12 Secure Sync في لوحة Clever، وإعطاء سجله رقم SIS (SIS id). يقرأ Summit K12 بيانات Clever عندما يسجل الشخص الدخول مرة أخرى، وكل ليلة؛ لا حاجة إلى إرسال أي ملف.',
      spreadsheet:
        'يُرجى إضافة الشخص إلى جدول المعلمين والموظفين الخاص بـ Summit K12 أو تصحيح العنوان فيه. يرسل Clever إلى Summit K12 الطلاب فقط.',
    },
  },
  asksByDifference: {
    no_email: 'يُرجى إضافة عنوان البريد الإلكتروني لهذا الشخص إلى القوائم (roster)، كما هو في Clever تمامًا.',
  },
  differences: {
    whitespace: { child: 'في أحدهما مسافة زائدة.', adult: 'في أحد العنوانين مسافة زائدة.' },
    unicode: {
      child: 'حرف يبدو صحيحًا، لكنه ليس صحيحًا.',
      adult: 'في أحد العنوانين حرف يبدو صحيحًا لكنه حرف آخر، مثلًا من أبجدية أخرى.',
    },
    case: {
      child: 'الحروف الكبيرة والصغيرة مختلطة.',
      adult: 'يختلف العنوانان في الحروف الكبيرة والصغيرة فقط.',
    },
    domain: { child: 'الجزء بعد @ مختلف.', adult: 'يختلف العنوانان في الجزء بعد علامة @.' },
    local_part: { child: 'الجزء قبل @ مختلف.', adult: 'يختلف العنوانان في الجزء قبل علامة @.' },
    other: { child: 'لدينا بريد آخر لك.', adult: 'هما عنوانان مختلفان.' },
    no_email: { child: 'ليس لدينا بريدك بعد.', adult: 'هذا الشخص موجود في القوائم بلا عنوان بريد إلكتروني.' },
  },
  sides: {
    clever: 'العنوان غير المعتاد هو الموجود في Clever.',
    roster: 'العنوان غير المعتاد هو الموجود في القوائم (roster).',
  },
  pages: {
    logIn: 'تسجيل الدخول باستخدام Clever',
    tryAgain: 'حاول مرة أخرى',
    signOut: 'تسجيل الخروج',
    language: 'اللغة',
    help: 'دعم Summit K12',
    refusal: {
      nothingWrong: 'لم تفعل شيئًا خطأ.',
      whoCanFix: 'من يستطيع إصلاح ذلك',
      owners: {
        district: { child: 'مدرستك تستطيع إصلاح ذلك.', adult: 'مسؤول Clever في المنطقة التعليمية' },
        summit: { child: 'نحن نستطيع إصلاح ذلك.', adult: 'دعم Summit K12' },
        clever: { child: 'يستطيع Clever إصلاح ذلك.', adult: 'Clever' },
        user: { child: 'افعل هذا:', adult: 'الشخص الذي يسجل الدخول' },
        wait: { child: 'علينا أن ننتظر فقط.', adult: 'لا أحد: الأمر يحتاج إلى وقت فقط' },
      },
      address: 'عنوانك في Clever',
      notYou: {
        child: 'لست أنت؟',
        adult:
          'ليس هذا عنوانك؟ إذن ما زال شخص آخر مسجلًا في Clever على هذا الجهاز. سجّل الخروج من clever.com وابدأ من جديد.',
      },
      steps: 'ماذا تفعل',
      reference: { child: 'رمزك', adult: 'الرقم المرجعي' },
      referenceUse: 'به يجد الدعم محاولة الدخول هذه.',
      message: 'الرسالة المطلوب إرسالها',
      messageOpening: 'لم ينجح تسجيل دخول إلى Summit K12 باستخدام Clever.',
      messageAddress: 'العنوان في Clever',
      messageDistrict: 'المنطقة التعليمية',
      messageDate: 'التاريخ',
      copy: 'نسخ الرسالة',
      copied: 'تم النسخ',
      writeEmail: 'إرسالها بالبريد الإلكتروني',
      forTeacher: 'للمعلم أو المعلمة',
      forAdults: 'للمعلمين وغيرهم من الكبار',
      forTeacherSend: {
        district: 'يُرجى إرسال هذا، مع اسم الطالب، إلى مسؤول Clever في المنطقة التعليمية:',
        summit: 'يُرجى إرسال هذا، مع اسم الطالب، إلى دعم Summit K12:',
        school: 'يُرجى إرسال هذا إلى فريق التقنية في المدرسة:',
      },
      pictures: {
        district: 'قائمة وعدسة مكبرة',
        summit: 'ترس',
        clever: 'سحابة',
        user: 'سهم يدور',
        wait: 'ساعة',
      },
    },
    start: { heading: 'لمسة واحدة أخرى', what: 'اضغط على الزر. سيدخلك Clever إلى Summit K12.' },
    home: {
      heading: 'مرحبًا بكم في Summit K12',
      what: 'سجّل الدخول بحساب Clever من مدرستك.',
      help: 'لا تعرف حسابك في Clever؟ اسأل معلمك أو مكتب المدرسة.',
    },
    signedIn: {
      title: 'تم تسجيل الدخول',
      greeting: 'مرحبًا',
      picture: 'وجه ودود',
      roles: { student: 'طالب', teacher: 'معلم', staff: 'موظف', administrator: 'مسؤول' },
      goOn: 'الذهاب إلى Summit K12',
      district: 'عمليات تسجيل الدخول في منطقتك التعليمية',
      notYou: { child: 'لست أنت؟ سجّل الخروج هنا', adult: 'لست أنت؟ سجّل الخروج هنا' },
    },
    signedOut: {
      heading: 'تم تسجيل الخروج',
      what: 'Summit K12 مغلق على هذا الجهاز.',
      picture: 'باب',
      sharedHeading: 'هل يستخدم شخص آخر هذا الجهاز؟',
      sharedWhy: 'قد يكون حسابك في Clever ما زال مفتوحًا. قد يفتح الشخص التالي أشياءك.',
      sharedSteps: ['اذهب إلى clever.com.', 'اضغط على اسمك، ثم “Log out” (تسجيل الخروج).', 'أغلق المتصفح.'],
      leaveClever: 'الذهاب إلى clever.com',
    },
    notFound: { heading: 'هذه الصفحة غير موجودة', what: 'قد يكون الرابط قديمًا أو غير كامل.' },
    otherMethod: {
      heading: 'لا يمكن استخدام هذه الصفحة هكذا',
      what: 'لم يتغير شيء. اذهب إلى صفحة البداية وحاول هناك.',
    },
    forbidden: {
      heading: 'لم نفعل ذلك',
      what: 'لم يأتِ الطلب من صفحة من Summit K12. اذهب إلى صفحة البداية وحاول هناك.',
    },
    goHome: 'الذهاب إلى صفحة البداية',
  },
};
