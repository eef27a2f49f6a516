// Everything that visitors read, in Vietnamese. Children are em, adults quý vị.
import type { LanguageTexts } from '../language-texts.ts';

const showTeacher = ['Hãy cho thầy cô xem trang này.'];
const sendToDistrict = ['Gửi tin nhắn bên dưới, kèm tên của quý vị, cho quản trị viên Clever của học khu.'];
const sendToSummit = ['Gửi tin nhắn bên dưới, kèm tên của quý vị, cho bộ phận hỗ trợ Summit K12.'];
const waitAMinute = ['Đợi một phút.', 'Rồi thử lại.'];
const retryThenSupport = ['Đợi một phút rồi thử lại.', 'Nếu vẫn bị, hãy báo cho bộ phận hỗ trợ Summit K12.'];
const pressTheButton = ['Bấm nút màu xanh dương.'];

export const vietnamese: LanguageTexts = {
  name: 'Tiếng Việt',
  tag: 'vi',
  direction: 'ltr',
  sentenceGap: ' ',
  comma: ', ',
  codes: {
    user_type_unsupported: {
      child: {
        heading: 'Tài khoản này không dùng được',
        what: 'Đây không phải tài khoản của học sinh hay nhà trường.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Loại tài khoản Clever này không mở được Summit K12',
        what: 'Summit K12 dành cho học sinh, giáo viên, nhân viên và quản trị viên. Clever cho biết đây là loại tài khoản khác, ví dụ người thân trong gia đình.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Clever ghi cho tài khoản này một loại người dùng mà Summit K12 không phục vụ.',
        ask: 'Xin kiểm tra trong Clever để tài khoản được chia sẻ là học sinh, giáo viên, nhân viên hoặc quản trị viên.',
      },
    },
    district_not_linked: {
      child: {
        heading: 'Trường của em chưa sẵn sàng',
        what: 'Chúng tôi chưa biết trường của em.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Học khu chưa được kết nối với Summit K12',
        what: 'Clever cho biết quý vị thuộc học khu nào, nhưng Summit K12 chưa kết nối học khu đó.',
        steps: sendToSummit,
      },
      message: {
        what: 'Clever nêu một học khu chưa được liên kết với học khu nào của Summit K12.',
        ask: 'Xin liên kết học khu này.',
      },
    },
    roster_pending: {
      child: {
        heading: 'Lớp của em chưa sẵn sàng',
        what: 'Trường chưa gửi danh sách lớp.',
        steps: ['Ngày mai hãy thử lại.', 'Em có thể cho thầy cô xem.'],
      },
      adult: {
        heading: 'Chưa có danh sách của học khu',
        what: 'Học khu đã kết nối, nhưng Summit K12 chưa nhận được danh sách (roster). Khi có danh sách, quý vị có thể đăng nhập.',
        steps: ['Ngày mai hãy thử lại.', 'Nếu lâu hơn, gửi tin nhắn bên dưới cho người gửi danh sách trong học khu.'],
      },
      message: { what: 'Summit K12 chưa nhận được danh sách (roster) của học khu.', ask: 'Khi nào sẽ gửi?' },
    },
    email_missing: {
      child: {
        heading: 'Chúng tôi cần email trường của em',
        what: 'Clever chưa gửi cho chúng tôi.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Clever không gửi địa chỉ email của quý vị',
        what: 'Summit K12 tìm tài khoản theo địa chỉ email, và Clever không gửi địa chỉ nào.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Clever không gửi cho Summit K12 địa chỉ email của người này.',
        ask: 'Xin thêm vào Clever đúng địa chỉ có trong danh sách (roster) và chia sẻ với Summit K12.',
      },
    },
    email_invalid: {
      child: { heading: 'Email của em có lỗi', what: 'Email trong Clever không đúng.', steps: showTeacher },
      adult: {
        heading: 'Địa chỉ email của quý vị trong Clever không hợp lệ',
        what: 'Clever gửi một nội dung không phải là một địa chỉ email đơn giản, nên Summit K12 không tìm được tài khoản.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Địa chỉ email của người này trong Clever không phải là một địa chỉ đơn giản.',
        ask: 'Xin sửa trong Clever cho giống địa chỉ trong danh sách (roster).',
      },
    },
    ambiguous: {
      child: {
        heading: 'Ở đây có hai người là em',
        what: 'Chúng tôi không biết ai là em.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Danh sách không cho biết tài khoản nào là của quý vị',
        what: 'Nhiều tài khoản trong danh sách (roster) của học khu có cùng địa chỉ này, hoặc danh sách ghi tài khoản của quý vị cho hai người. Chúng tôi không đoán tài khoản nào là của quý vị.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Nhiều tài khoản trong danh sách (roster) của học khu có cùng địa chỉ email với người này, hoặc danh sách ghi id của tài khoản này cho hai người.',
        ask: 'Xin cho mỗi tài khoản trong danh sách một địa chỉ riêng, và mỗi người một id riêng.',
      },
    },
    role_conflict: {
      child: {
        heading: 'Có điều không khớp',
        what: 'Clever và danh sách không giống nhau.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Vai trò trong Clever và trong danh sách không khớp',
        what: 'Clever và danh sách (roster) của học khu ghi vai trò khác nhau cho địa chỉ của quý vị: một bên là học sinh, bên kia là nhân viên trường.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Clever và danh sách (roster) ghi vai trò khác nhau cho địa chỉ email này: một bên là học sinh, bên kia là nhân viên trường.',
        ask: 'Xin sửa bên bị sai.',
      },
    },
    account_inactive: {
      child: {
        heading: 'Em không còn trong danh sách',
        what: 'Trước đây em có trong danh sách lớp.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Quý vị không còn trong danh sách',
        what: 'Danh sách (roster) mới nhất của học khu không còn tên quý vị, nên tài khoản tạm đóng. Tài khoản sẽ mở lại khi quý vị có trong danh sách.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Danh sách (roster) mới nhất cho Summit K12 không còn người này.',
        ask: 'Nếu nhầm, xin thêm lại người này vào danh sách.',
      },
    },
    email_mismatch: {
      child: {
        heading: 'Email của em không khớp',
        what: 'Email trong Clever khác ở đây.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Email trong Clever và trong danh sách không khớp',
        what: 'Summit K12 so sánh hai địa chỉ từng ký tự.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Địa chỉ email của người này trong Clever và trong danh sách (roster) cho Summit K12 không giống nhau.',
        ask: 'Xin sửa cho hai địa chỉ giống hệt nhau.',
      },
    },
    not_rostered: {
      child: {
        heading: 'Chúng tôi chưa tìm thấy em',
        what: 'Em chưa có trong danh sách lớp.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Quý vị không có trong danh sách',
        what: 'Không có tài khoản nào trong danh sách (roster) của học khu có địa chỉ email của quý vị.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Danh sách (roster) cho Summit K12 không có tài khoản nào với địa chỉ email của người này trong Clever.',
        ask: 'Xin thêm người này hoặc sửa địa chỉ trong danh sách.',
      },
    },
    identity_changed: {
      child: {
        heading: 'Chúng tôi cần xem lại tài khoản',
        what: 'Tài khoản Clever này còn mới với chúng tôi.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Chúng tôi cần kiểm tra tài khoản này có phải của quý vị',
        what: 'Tài khoản Clever của quý vị không phải tài khoản đã mở tài khoản này. Để bảo vệ tài khoản, chúng tôi dừng ở đây.',
        steps: sendToSummit,
      },
      message: {
        what: 'Tài khoản và người dùng Clever không được liên kết với nhau.',
        ask: 'Xin hỏi học khu xem có phải cùng một người, rồi bỏ liên kết cũ.',
      },
    },
    app_not_shared: {
      child: {
        heading: 'Summit K12 chưa mở cho em',
        what: 'Trường của em chưa bật ứng dụng này.',
        steps: showTeacher,
      },
      adult: {
        heading: 'Summit K12 chưa được chia sẻ trong Clever',
        what: 'Clever cho biết học khu chưa cấp ứng dụng này cho người này.',
        steps: sendToDistrict,
      },
      message: {
        what: 'Clever cho biết Summit K12 chưa được chia sẻ với người này.',
        ask: 'Xin chia sẻ ứng dụng với người này trong Clever.',
      },
    },
    clever_denied: {
      child: {
        heading: 'Em chưa đăng nhập được',
        what: 'Lần này Clever không cho em vào.',
        steps: ['Hãy thử lại.', 'Nếu không được, hãy hỏi thầy cô.'],
      },
      adult: {
        heading: 'Clever đã dừng lần đăng nhập này',
        what: 'Clever đưa trình duyệt trở lại mà không đăng nhập, ví dụ vì đã hủy.',
        steps: ['Đăng nhập lại.', 'Nếu vẫn bị, hãy báo cho quản trị viên Clever của học khu.'],
      },
      message: {
        what: 'Clever đưa người này trở lại mà không đăng nhập.',
        ask: 'Xin kiểm tra trong Clever xem người này có được dùng Summit K12 không.',
      },
    },
    sign_in_expired: {
      child: { heading: 'Mình bắt đầu lại nhé', what: 'Đã quá lâu rồi.', steps: pressTheButton },
      adult: {
        heading: 'Lần đăng nhập này đã hết hạn',
        what: 'Trang đã mở quá lâu, đã được dùng, hoặc bắt đầu ở trình duyệt khác. Không có gì bị hỏng.',
        steps: ['Bắt đầu đăng nhập lại.'],
      },
      message: undefined,
    },
    cookies_blocked: {
      child: {
        heading: 'Trình duyệt này không nhớ em',
        what: 'Cookie đang tắt. Chúng tôi cần cookie.',
        steps: ['Nhờ thầy cô bật cookie.', 'Rồi thử lại.'],
      },
      adult: {
        heading: 'Trình duyệt này chặn cookie của chúng tôi',
        what: 'Summit K12 cần cookie để giữ đăng nhập, và trình duyệt này không lưu cookie.',
        steps: [
          'Cho phép cookie của trang này trong cài đặt trình duyệt, hoặc dùng trình duyệt khác.',
          'Rồi đăng nhập lại.',
          'Trên máy của trường, có thể nhóm công nghệ phải cho phép.',
        ],
      },
      message: {
        what: 'Trình duyệt trên một máy của trường chặn cookie của trang đăng nhập Summit K12.',
        ask: 'Xin cho phép cookie đối với địa chỉ của trang này.',
      },
    },
    malformed_request: {
      child: { heading: 'Liên kết này không dùng được', what: 'Em có thể bắt đầu lại.', steps: pressTheButton },
      adult: {
        heading: 'Địa chỉ này thiếu hoặc không đúng',
        what: 'Liên kết dẫn đến đây có phần bị thiếu, sai, lặp lại hoặc quá dài.',
        steps: ['Mở Summit K12 từ trang Clever, hoặc bắt đầu đăng nhập tại đây.'],
      },
      message: undefined,
    },
    clever_misconfigured: {
      child: { heading: 'Chúng tôi phải sửa một lỗi', what: 'Đây là lỗi của chúng tôi.', steps: showTeacher },
      adult: {
        heading: 'Summit K12 phải sửa kết nối với Clever',
        what: 'Clever không chấp nhận phần của chúng tôi. Quý vị và học khu không làm gì sai.',
        steps: sendToSummit,
      },
      message: {
        what: 'Clever không chấp nhận ứng dụng Summit K12, hoặc không gửi danh tính.',
        ask: 'Xin kiểm tra cài đặt của ứng dụng tại Clever.',
      },
    },
    clever_rejected: {
      child: { heading: 'Clever gặp trục trặc', what: 'Thử lại có thể sẽ được.', steps: waitAMinute },
      adult: {
        heading: 'Không thể chấp nhận trả lời của Clever',
        what: 'Clever không xác nhận lần đăng nhập này theo cách đáng tin, nên chúng tôi dừng lại.',
        steps: retryThenSupport,
      },
      message: undefined,
    },
    clever_unavailable: {
      child: { heading: 'Clever không trả lời', what: 'Clever cần thêm chút thời gian.', steps: waitAMinute },
      adult: {
        heading: 'Clever không trả lời kịp',
        what: 'Chúng tôi nhờ Clever xác nhận lần đăng nhập và không có trả lời.',
        steps: ['Đợi một phút rồi thử lại.', 'Nếu kéo dài, hãy xem trang tình trạng của Clever.'],
      },
      message: undefined,
    },
    service_unavailable: {
      child: { heading: 'Chưa mở được Summit K12', what: 'Đây là lỗi của chúng tôi.', steps: waitAMinute },
      adult: {
        heading: 'Hiện không đăng nhập được vào Summit K12',
        what: 'Sự cố ở phía chúng tôi.',
        steps: retryThenSupport,
      },
      message: undefined,
    },
    rate_limited: {
      child: { heading: 'Đợi một chút nhé', what: 'Có quá nhiều lần thử.', steps: waitAMinute },
      adult: {
        heading: 'Quá nhiều lần đăng nhập cùng lúc',
        what: 'Có rất nhiều lần thử trong thời gian ngắn, nên chúng tôi tạm nghỉ.',
        steps: ['Đợi một phút rồi thử lại.'],
      },
      message: undefined,
    },
  },
  asks: {
    account_inactive: {
      clever:
        'Danh sách lấy từ Clever. Nếu nhầm, xin chia sẻ lại người này với ứng dụng SK12 Secure Sync trong trang quản lý Clever. Summit K12 đọc Clever mỗi đêm; không cần gửi tệp nào.',
      both: 'Nếu nhầm, xin thêm lại người này vào danh sách. Nếu danh sách của người này lấy từ Clever: xin chia sẻ lại người này với ứng dụng SK12 Secure Sync trong trang quản lý Clever. Summit K12 đọc Clever mỗi đêm; không cần gửi tệp nào.',
      spreadsheet:
        'Nếu nhầm, xin thêm lại người này vào bảng tính giáo viên và nhân viên cho Summit K12. Clever chỉ gửi học sinh cho Summit K12.',
    },
    not_rostered: {
      clever:
        'Danh sách lấy từ Clever: xin chia sẻ người này với ứng dụng SK12 Secure Sync trong trang quản lý Clever, và thêm mã SIS (SIS id) vào hồ sơ. Summit K12 đọc Clever khi người này đăng nhập lại, và mỗi đêm; không cần gửi tệp nào.',
      both: 'Xin thêm người này hoặc sửa địa chỉ trong danh sách. Nếu danh sách của người này lấy từ Clever: xin chia sẻ người này với ứng dụng SK12 Secure Sync trong trang quản lý Clever, và thêm mã SIS (SIS id) vào hồ sơ. Summit K12 đọc Clever khi người này đăng nhập lại, và mỗi đêm; không cần gửi tệp nào.',
      spreadsheet:
        'Xin thêm người này hoặc sửa địa chỉ trong bảng tính giáo viên và nhân viên cho Summit K12. Clever chỉ gửi học sinh cho Summit K12.',
    },
  },
  asksByDifference: {
    no_email: 'Xin ghi vào danh sách (roster) địa chỉ email của người này, giống hệt như trong Clever.',
  },
  differences: {
    whitespace: { child: 'Một bên có thừa dấu cách.', adult: 'Một trong hai địa chỉ có thừa dấu cách.' },
    unicode: {
      child: 'Có một chữ nhìn giống mà khác.',
      adult: 'Một trong hai địa chỉ có chữ nhìn giống nhưng là chữ khác, ví dụ từ bảng chữ cái khác.',
    },
    case: { child: 'Chữ hoa và chữ thường bị lẫn.', adult: 'Chỉ khác nhau ở chữ hoa và chữ thường.' },
    domain: { child: 'Phần sau dấu @ khác nhau.', adult: 'Hai địa chỉ khác nhau ở phần sau dấu @.' },
    local_part: { child: 'Phần trước dấu @ khác nhau.', adult: 'Hai địa chỉ khác nhau ở phần trước dấu @.' },
    other: { child: 'Chúng tôi có email khác của em.', adult: 'Đó là hai địa chỉ khác nhau.' },
    no_email: { child: 'Chúng tôi chưa có email của em.', adult: 'Trong danh sách, người này chưa có địa chỉ email.' },
  },
  sides: {
    clever: 'Địa chỉ khác thường là địa chỉ trong Clever.',
    roster: 'Địa chỉ khác thường là địa chỉ trong danh sách (roster).',
  },
  pages: {
    logIn: 'Đăng nhập bằng Clever',
    tryAgain: 'Thử lại',
    signOut: 'Đăng xuất',
    language: 'Ngôn ngữ',
    help: 'Hỗ trợ Summit K12',
    refusal: {
      nothingWrong: 'Em không làm gì sai.',
      whoCanFix: 'Ai có thể sửa',
      owners: {
        district: { child: 'Trường của em có thể sửa.', adult: 'Quản trị viên Clever của học khu' },
        summit: { child: 'Chúng tôi có thể sửa.', adult: 'Bộ phận hỗ trợ Summit K12' },
        clever: { child: 'Clever có thể sửa.', adult: 'Clever' },
        user: { child: 'Em hãy làm như sau:', adult: 'Người đang đăng nhập' },
        wait: { child: 'Mình chỉ cần đợi.', adult: 'Không cần ai: chỉ cần thời gian' },
      },
      address: 'Địa chỉ của quý vị trong Clever',
      notYou: {
        child: 'Không phải em?',
        adult:
          'Không phải địa chỉ của quý vị? Vậy có người khác vẫn đang mở Clever trên máy này. Hãy đăng xuất tại clever.com rồi bắt đầu lại.',
      },
      steps: 'Cần làm gì',
      reference: { child: 'Mã của em', adult: 'Mã tra cứu' },
      referenceUse: 'Bộ phận hỗ trợ dùng mã này để tìm lần đăng nhập.',
      message: 'Tin nhắn để gửi',
      messageOpening: 'Một lần đăng nhập vào Summit K12 bằng Clever không thành công.',
      messageAddress: 'Địa chỉ trong Clever',
      messageDistrict: 'Học khu',
      messageDate: 'Ngày',
      copy: 'Sao chép tin nhắn',
      copied: 'Đã sao chép',
      writeEmail: 'Gửi bằng email',
      forTeacher: 'Dành cho thầy cô',
      forAdults: 'Dành cho thầy cô và người lớn',
      forTeacherSend: {
        district: 'Xin gửi nội dung này, kèm tên học sinh, cho quản trị viên Clever của học khu:',
        summit: 'Xin gửi nội dung này, kèm tên học sinh, cho bộ phận hỗ trợ Summit K12:',
        school: 'Xin gửi nội dung này cho nhóm công nghệ của trường:',
      },
      pictures: {
        district: 'Danh sách và kính lúp',
        summit: 'Bánh răng',
        clever: 'Đám mây',
        user: 'Mũi tên vòng tròn',
        wait: 'Đồng hồ',
      },
    },
    start: { heading: 'Chạm thêm một lần', what: 'Bấm nút. Clever sẽ đưa em vào Summit K12.' },
    home: {
      heading: 'Chào mừng đến với Summit K12',
      what: 'Đăng nhập bằng tài khoản Clever của trường.',
      help: 'Không biết tài khoản Clever? Hãy hỏi thầy cô hoặc văn phòng trường.',
    },
    signedIn: {
      title: 'Đã đăng nhập',
      greeting: 'Xin chào',
      picture: 'Khuôn mặt thân thiện',
      roles: { student: 'Học sinh', teacher: 'Giáo viên', staff: 'Nhân viên', administrator: 'Quản trị viên' },
      goOn: 'Vào Summit K12',
      district: 'Đăng nhập của học khu quý vị',
      notYou: { child: 'Không phải em? Đăng xuất ở đây', adult: 'Không phải quý vị? Đăng xuất ở đây' },
    },
    signedOut: {
      heading: 'Đã đăng xuất',
      what: 'Summit K12 đã đóng trên máy này.',
      picture: 'Cánh cửa',
      sharedHeading: 'Có người khác dùng máy này không?',
      sharedWhy: 'Có thể Clever vẫn còn mở. Người sau có thể mở đồ của em.',
      sharedSteps: ['Vào clever.com.', 'Bấm vào tên, rồi “Log out” (đăng xuất).', 'Đóng trình duyệt.'],
      leaveClever: 'Vào clever.com',
    },
    notFound: { heading: 'Trang này không có', what: 'Liên kết có thể đã cũ hoặc bị thiếu.' },
    otherMethod: {
      heading: 'Không thể dùng trang này như vậy',
      what: 'Không có gì thay đổi. Hãy về trang đầu và thử ở đó.',
    },
    forbidden: {
      heading: 'Chúng tôi đã không làm việc đó',
      what: 'Yêu cầu không đến từ trang của Summit K12. Hãy về trang đầu và thử ở đó.',
    },
    goHome: 'Về trang đầu',
  },
};
