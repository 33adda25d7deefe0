"""The texts in Korean: formal and polite (합니다체).

A particle after a value is avoided, since its form depends on how the value is read aloud.
"""

from server.texts.catalog import Plural, Texts

KOREAN = Texts(
    language="ko",
    test="테스트 {test}",
    test_with_input="테스트 {test}, 입력 {input}",
    found_input="입력 {input}",
    no_input="없음",
    output_line="{place}, 출력 {line}번째 줄",
    expected_got="기대 출력 {expected}, 실제 출력 {actual}",
    expected_but="기대 출력 {expected}, 결과 {verdict}",
    nothing="없음",
    error_raised_here="오류가 발생한 곳입니다",
    also_changed="수정안이 함께 바꾸는 곳입니다",
    not_verified="테스트로 확인되지 않음",
    passes_all_tests=Plural.same("테스트 {count}개를 모두 통과합니다"),
    passes_some_tests=Plural.same("테스트 {count}개 중 {passed}개를 통과합니다"),
    wrong_answer="오답",
    runtime_error="런타임 오류",
    time_limit="시간 초과",
    memory_limit="메모리 초과",
    output_limit="출력 초과",
    syntax_error="문법 오류",
    not_judged="채점하지 않음",
    input="입력",
    expected="기대 출력",
    actual="실제 출력",
    error="오류",
    error_output="오류 출력",
    line="줄",
    line_number="{line}번째 줄",
    lines_in_all="모두 {count}줄",
    fix="수정안",
    input_that_was_found="WPC가 찾아낸 입력",
    tests_pass=Plural.same("테스트 {count}개 중 {passed}개 통과"),
    read_more="{rule} 설명 더 보기",
    unknown_rule="{rule!r}: 없는 규칙입니다. {hint}",
    did_you_mean="혹시 {names} 아닙니까?",
    or_=" 또는 ",
    known_are="쓸 수 있는 이름: {names}",
    fix_program="WPC: 프로그램 고치기",
    ignore_here="여기서 {rule} 무시하기",
    choose_problem="문제 고르기…",
    show_failing_test="실패한 테스트 보기",
    show_statement="문제 설명 보기",
    lens_no_tests="테스트 없음 · 다시 실행",
    lens_tests="테스트 {passed}/{total}개 통과 · 다시 실행",
    lens_tests_before="마지막으로 고치기 전에 테스트 {passed}/{total}개 통과 · 다시 실행",
    document_changed="이 수정안이 나온 뒤에 문서가 바뀌었습니다.",
    checking_file="WPC: {name} 검사 중",
    checking_workspace="WPC: 작업 영역 검사 중",
    endpoint_starting="엔드포인트를 시작하고 있습니다",
    endpoint_back="엔드포인트가 다시 응답합니다.",
    endpoint_status=(
        "WPC {version}: 엔드포인트 상태 {state}, 장치 {device}, 문제 {problems}개, {model}, "
        "{sandbox}."
    ),
    model="모델 {model}",
    no_model="언어 모델 없음",
    sandbox="샌드박스 {sandbox}",
    no_sandbox="샌드박스가 없어 테스트를 실행할 수 없음",
    which_problem="이 프로그램은 어떤 문제의 풀이입니까?",
    more="더 보기…",
    solves="문제 {problem} 풀이로 표시",
    ignore="{rule} 무시",
    not_checked="파일을 검사하지 않았습니다.",
    not_checked_because="파일을 검사하지 않습니다. 이유: {reason}.",
    no_problem_known="이 파일이 어떤 문제의 풀이인지 알 수 없습니다. 문제를 골라 주세요.",
    problem_tests_pass=Plural.same("{problem}: 테스트 {count}개 중 {passed}개를 통과합니다."),
    problem_not_judged="{problem}: 채점하지 못했습니다. 이유: {reason}",
    nothing_to_compare="비교할 수정안이 없습니다.",
    nothing_to_ignore="주석으로 무시할 수 있는 진단이 없습니다.",
    nothing_to_explain="설명할 진단이 없습니다.",
    cannot_apply_edits="이 편집기에서는 명령으로 문서를 고칠 수 없습니다.",
    editor_settings="편집기 설정",
    notebook_cell="노트북의 셀은 온전한 프로그램이 아님",
    notebooks="노트북은 검사하지 않음",
    other_language="Python 문서가 아님 (언어: {language})",
    unknown_language="알 수 없음",
    half_surrogate="UTF-8로 나타낼 수 없는 반쪽 서로게이트 문자가 있음",
    too_long="{limit} KiB보다 긺",
    excluded="설정에서 제외함",
    no_known_problem="WPC가 아는 문제의 풀이가 아님",
    programs_checked=Plural.same("프로그램 {count}개 검사 ({seconds}초)"),
    wrong="오답 {count}개",
    no_errors_found="오류 없음",
    fixed="수정 {count}개",
    unchecked="검사하지 못한 파일 {count}개",
    fixes_to_apply=Plural.same("--fix 옵션으로 적용할 수 있는 수정안 [*] {count}개"),
    unsafe_fixes_to_apply=(
        "--unsafe-fixes 옵션으로 적용할 수 있는 수정안 {count}개 더 있음: 테스트로 확인되지 않음"
    ),
    files_without_problem=Plural.same(
        "파일 {count}개는 WPC가 아는 문제의 풀이가 아닙니다. `# wpc: problem=ID` 주석이나 "
        "--problem 옵션, 또는 pyproject.toml의 [tool.wpc.problems]에 문제를 적어 주세요"
    ),
    no_files="Python 파일이 없습니다.",
    baseline_not_written="검사하지 못한 파일이 있어 {file} 파일을 쓰지 않았습니다.",
    stopped=(
        "파일 {files}개 중 {done}개를 마치고 멈췄습니다. "
        "같은 명령을 다시 실행하면 이어서 검사합니다."
    ),
    watching="변경을 지켜보고 있습니다. Ctrl-C를 누르면 멈춥니다.",
    error_label="오류: ",
    fixed_label="수정됨",
    skipped="{path}: 건너뜀: {reason}",
    was_not_judged="채점하지 못했습니다. 이유: {reason}",
    no_reason="알려지지 않음",
    see_diff="전체는 --diff 옵션으로 볼 수 있습니다",
    starting="시작하는 중",
    state_starting="엔드포인트 시작 중",
    state_ready="검사 중",
    state_busy="엔드포인트 대기 중",
    state_unauthorized="인증되지 않음",
    state_unreachable="엔드포인트 찾는 중",
    endpoint_is_ready="준비됨",
    endpoint_is_starting="시작 중",
    no_problem_suite="문제 없음",
    no_such_path="{path}: 그런 파일이나 폴더가 없습니다",
    cannot_read="{file}: 읽을 수 없습니다. 이유: {reason}",
    cannot_write="{file}: 쓸 수 없습니다. 이유: {reason}",
    unreadable="읽을 수 없습니다. 이유: {reason}",
    not_utf8=(
        "UTF-8 파일이 아닙니다. UTF-8로 저장하거나, 첫 줄에 # coding: cp949 같은 주석으로 "
        "인코딩을 적어 주세요"
    ),
    not_fixed_no_character=(
        "고치지 못했습니다. 인코딩 {encoding}에 없는 문자입니다: {character!r}. "
        "파일을 UTF-8로 저장하세요."
    ),
    not_fixed_changed="고치지 못했습니다. 그사이에 파일이 바뀌었습니다. 다시 검사해 주세요.",
    not_fixed_cannot_write="고치지 못했습니다. 파일에 쓸 수 없습니다. 이유: {reason}",
    not_a_baseline="{file}: 기준선 파일이 아닙니다. --write-baseline 옵션으로 만들어 주세요.",
    other_baseline="{file}: 다른 버전의 기준선입니다. --write-baseline 옵션으로 만들어 주세요.",
    unknown_option="{where}: 없는 옵션입니다: {option!r}. {hint}",
    not_a_rule="{where}: 규칙이 아닙니다: {value!r}. WPC301 또는 WPC3처럼 적어 주세요.",
    not_valid="{where}: 잘못된 값입니다: {value!r} ({rule})",
    not_a_table="{where}: 옵션의 테이블이어야 합니다.",
    command_line="명령줄",
    unknown_problem="{problem!r}: 없는 문제입니다. {hint}",
    endpoint_lists_problems="문제 목록은 엔드포인트에 있습니다.",
    others_can_read="{file}: 다른 사용자가 읽을 수 있습니다. 실행하세요: chmod 600 '{file}'",
    endpoint_table="{file}: [endpoint] 테이블 하나에 다음 키만 적어 주세요: {keys}.",
    endpoint_strings="{file}: [endpoint]의 값은 모두 문자열이어야 합니다.",
    not_an_endpoint=(
        "{url!r}: 엔드포인트 주소가 아닙니다. http(s)://호스트[:포트] 형식으로 적어 주세요."
    ),
    unencrypted=(
        "{url}: 토큰이 암호화되지 않은 채 전송됩니다. 주소를 https://로 시작하도록 적어 주세요."
    ),
    endpoint_timeout=(
        "{url} 주소에서 {seconds}초 안에 응답이 없었습니다. "
        "다시 시도하거나 time budget을 줄여 주세요."
    ),
    endpoint_unreachable="{url} 주소에 연결할 수 없습니다 ({reason}). 실행 중인지 확인해 주세요.",
    endpoint_garbage="{url} 주소의 응답을 해석할 수 없습니다. 주소를 확인해 주세요.",
    endpoint_too_much="{url} 주소의 응답이 너무 깁니다. 주소를 확인해 주세요.",
    endpoint_breaks_off=(
        "{url} 주소의 응답이 도중에 끊깁니다. 이유는 엔드포인트의 로그에 있을 수 있습니다."
    ),
    endpoint_other_version=(
        "{url} 주소의 응답이 이 버전({version})의 엔드포인트와 다릅니다. 주소를 확인하고, "
        "양쪽을 같은 버전으로 업데이트해 주세요."
    ),
    endpoint_refuses=(
        "{url} 주소에서 인증을 거부했습니다 ({status}). WPC_TOKEN, 또는 WPC_MODAL_KEY와 "
        "WPC_MODAL_SECRET에 올바른 값을 넣어 주세요."
    ),
    endpoint_rejects="엔드포인트가 요청을 받아들이지 않았습니다. 이유: {message}",
    endpoint_busy=(
        "{url} 주소의 엔드포인트가 계속 바쁩니다. 다시 시도하거나 jobs 값을 줄여 주세요."
    ),
    endpoint_still_starting=(
        "{url} 주소의 엔드포인트가 아직 시작하는 중입니다. 1분쯤 뒤에 다시 시도해 주세요."
    ),
    endpoint_failed=(
        "{url} 주소의 엔드포인트에서 오류가 났습니다 ({status}). "
        "이유는 그 로그에 있습니다. {message}"
    ),
    endpoint_status_code="{url} 주소가 상태 {status}(으)로 응답합니다. 주소를 확인해 주세요.",
    local_did_not_start=(
        "이 컴퓨터의 엔드포인트가 {seconds}초 안에 시작되지 않았습니다. "
        "`wpc-engine serve` 명령으로 이유를 확인해 주세요."
    ),
    local_could_not_start="이 컴퓨터의 엔드포인트를 시작하지 못했습니다. 이유: {reason}",
    local_exit_status="종료 상태 {status}",
    local_unknown_place=(
        "이 컴퓨터의 엔드포인트가 시작되었지만 주소를 알리지 않았습니다. WPC를 다시 설치해 주세요."
    ),
    page_title=Plural.same("프로그램 {count}개 중 {wrong}개 오답"),
    page_heading=Plural.same("프로그램 {count}개 중 {wrong}개가 오답입니다"),
    page_intro=(
        "오답인 프로그램은 모두 그 문제의 테스트에 실패합니다. WPC {version}에서 만든 보고서입니다."
    ),
    page_without_problem=Plural.same("그 밖의 파일 {count}개는 알려진 문제의 풀이가 아닙니다."),
    page_skip="프로그램 목록으로 건너뛰기",
    page_programs="프로그램",
    page_by_problem="문제별",
    page_problem="문제",
    page_right="정답",
    page_wrong="오답",
    page_with_fix="확인된 수정안",
    page_by_rule="오류 종류별",
    page_rule="규칙",
    page_share="비율",
    page_meaning="뜻",
    page_unchecked="검사하지 못한 파일",
    page_printed="실제 출력",
    page_before="고치기 전",
    page_after="고친 뒤",
    page_program="프로그램",
    page_no_fix="수정안을 찾지 못했습니다.",
)
