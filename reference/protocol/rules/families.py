"""Kinds of rules: the first digit of a code."""

from dataclasses import dataclass

from reference.protocol.languages import language_of


@dataclass(frozen=True, slots=True)
class Family:
    """Rules that begin alike, such as `WPC3`."""

    prefix: str
    titles: dict[str, str]

    def title(self, locale: str = "en") -> str:
        """Return the title in a language."""
        return self.titles[language_of(locale)]


FAMILIES: tuple[Family, ...] = tuple(
    Family(prefix, {"en": en, "ko": ko})
    for prefix, en, ko in (
        ("WPC0", "What the judge says, where no fix is known", "수정안이 없을 때의 채점 결과"),
        ("WPC1", "Conditions and control flow", "조건과 제어 흐름"),
        ("WPC2", "Calculations", "계산"),
        ("WPC3", "Bounds and indexes", "범위와 인덱스"),
        ("WPC4", "Values and names", "값과 이름"),
        ("WPC5", "Output and input", "출력과 입력"),
        ("WPC6", "Blocks", "블록"),
        ("WPC7", "Functions", "함수"),
        ("WPC8", "Statements", "문장"),
        ("WPC9", "Several places", "여러 곳"),
    )
)
