import type { Texts } from "./en.ts";

/** Korean. */
export const ko: Texts = {
  title: "보안 백서",
  about:
    "이 환경의 배포 계획에서 생성되었습니다. 각 진술은 그 근거를 밝힙니다. 환경이 실행 중이거나 검사가 수행되었다는 뜻은 아닙니다.",
  architecture: "아키텍처",
  topology: "토폴로지",
  region: "리전",
  tenants: "테넌트 수",
  warnings: "계획의 경고",
  "section.flow": "데이터 흐름",
  "section.access": "접근 통제",
  "section.encryption": "암호화",
  "section.audit": "감사",
  "section.incident": "사고 대응",
  "mark.planned": "계획에 나타남",
  "mark.tried": "검사로 시험함",
  "mark.procedure": "절차",
  "mark.not-shown": "이 계획에 나타나지 않음",
  cited: "근거",
  check: "breakwater verify의 검사",
  against: "해당하지 않는 리소스",
  picture: "요청 경로에서 누가 누구와 통신할 수 있는가",
  table: "계획이 허용하는 모든 통신",
  from: "출발",
  to: "도착",
  ports: "포트",
  said: "허용하는 쪽",
  "said.both": "양쪽",
  "said.sender": "보내는 쪽",
  "said.receiver": "받는 쪽",
  "said.note":
    "계획 안의 두 당사자 사이의 통신은 양쪽이 모두 허용해야 합니다. 테넌트마다 자체 cell과 샌드박스가 있으며 그림에는 한 번만 그립니다. 별표는 네임스페이스의 모든 파드를 뜻합니다.",
  "flow.policies":
    "그림과 표는 계획의 네트워크 정책으로 그렸습니다. 기본 거부 네임스페이스에서는 명시되지 않은 통신이 거부됩니다.",
  "access.default-deny": "플랫폼과 모든 테넌트의 네임스페이스는 정책이 허용하지 않는 모든 통신을 거부합니다.",
  "access.no-addresses":
    "cell, 샌드박스, 모델 라우터는 플랫폼의 지정된 구성 요소의 통신만 받으며 어떤 주소 대역도 받지 않습니다.",
  "access.tenants":
    "테넌트마다 restricted 파드만 허용하는 네임스페이스가 있으며, 한 테넌트의 에이전트가 기억하는 것은 다른 테넌트가 찾을 수 없습니다.",
  "access.keys": "요청이 무엇이라 밝히든 한 테넌트의 키로는 다른 테넌트의 어떤 것도 열 수 없습니다.",
  "access.cell": "cell은 모델 라우터, 자신의 샌드박스, 이름 해석에만 접근합니다.",
  "access.admission":
    "테넌트의 네임스페이스에서는 여기서 렌더링된 셀이나 샌드박스가 아닌 파드를 누가 요청하든 API 서버가 거부합니다.",
  "access.clock": "샌드박스의 명령은 제한 시간이 지나면 그 명령이 시작한 모든 프로세스와 함께 종료됩니다.",
  "access.kernel": "에이전트가 실행하는 코드는 자체 커널을 가진 런타임 클래스의 샌드박스에서 실행됩니다.",
  "access.sandbox": "샌드박스는 아무 곳에도 접근하지 못합니다. 인터넷도, 메타데이터 서비스도, 다른 테넌트도 안 됩니다.",
  "access.database": "cell과 샌드박스는 데이터베이스에 접근하지 못하며, 모델 라우터의 사용자는 API 키를 읽지 못합니다.",
  "access.pods": "플랫폼의 파드는 일반 사용자로, capability 없이 실행되며 자신의 파일을 쓸 수 없습니다.",
  "access.border": "네트워크를 나가는 통신은 이름 목록이 있는 필터를 거칩니다.",
  "access.people": "회사가 누구에게 어떤 역할의 키를 줄지 정하고, 퇴사 시 회수하며, 정기적으로 검토합니다.",
  "encryption.entry": "사람과 채널은 지정된 버전과 암호 정책의 TLS로만 로드 밸런서에 접근합니다.",
  "encryption.database": "데이터베이스 저장소는 이 환경의 키로 암호화됩니다.",
  "encryption.database-transit":
    "데이터베이스 연결은 암호화할 수 있으며, 데이터베이스는 이를 제공하거나 요구하도록 설정됩니다.",
  "encryption.inside":
    "셀, 모델 라우터, 클러스터 안의 데이터베이스는 이 환경 자체 인증 기관의 인증서를 사용하는 TLS 1.3으로만 접속을 받습니다.",
  "encryption.files": "공유 파일 시스템은 이 환경의 키로 암호화됩니다.",
  "encryption.objects": "버킷의 객체는 저장 시 암호화됩니다.",
  "encryption.keys": "이 환경의 키는 클라우드가 교체합니다.",
  "encryption.secrets": "비밀 정보는 파일로 전달됩니다. 계획에는 이름만 있고 값은 없습니다.",
  "encryption.vault": "이 환경에는 자체 볼트가 있습니다.",
  "encryption.custody": "회사는 볼트 복구 조각, 백업 키, 비밀 파일을 문서로 정한 사람과 장소에 보관합니다.",
  "audit.volumes": "프런트 도어와 모델 라우터는 각자 자신의 볼륨에 감사 로그를 씁니다.",
  "audit.signed": "감사 로그는 작성자만 가진 키로 서명됩니다.",
  "audit.locked": "보관된 기록은 기간이 끝날 때까지 삭제를 거부하는 저장소에 있습니다.",
  "audit.account": "클라우드 계정에서 이루어진 작업이 기록됩니다.",
  "audit.network": "네트워크의 연결이 기록됩니다.",
  "audit.screening": "사람이 입력한 결제 카드 번호와 사회보장번호는 모델이 읽기 전에 제거됩니다.",
  "audit.review":
    "플랫폼을 운영하지 않는 사람이 정기적으로 감사 로그를 읽고 체인을 검증합니다: breakwater audit verify.",
  "incident.alerts": "경보 규칙이 플랫폼을 감시합니다.",
  "incident.backups": "백업은 일정에 따라 이루어집니다.",
  "incident.detect": "탐지: 경보나 신고로 사고를 열고 시각, 책임자, 심각도를 기록합니다.",
  "incident.contain":
    "차단: 관련 키를 폐기하고(breakwater keys revoke), 테넌트의 cell을 멈추고, 볼륨은 건드리지 않습니다.",
  "incident.evidence":
    "증거 보전: 재구축 전에 감사 로그를 검증하고 내보냅니다(breakwater audit verify, breakwater audit export).",
  "incident.recover":
    "복구: 환경 파일로 재구축하고 마지막 백업에서 데이터를 복원하며, 사용 재개 전에 breakwater verify를 실행합니다.",
  "incident.notify": "통지: 적용되는 법의 기한 안에 당사자와 당국에 알립니다. 어느 법인지는 법무가 정합니다.",
  "incident.learn": "개선: 영업일 10일 안에 원인과 변경 사항을 기록하고 매년 한 번 복구를 연습합니다.",
};
