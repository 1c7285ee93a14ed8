"""The same step for lists of state size, on Splink with DuckDB, which keeps what does not fit into memory on disk.

Splink learns the weights from the lists themselves; blocking and cleaning are ours. It needs the extra `states`. Which
engine runs is chosen by size (`BIG` and more records in both lists together), or by hand. Splink can run on Spark as
well; this function does not offer it, because it was not run here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from sharedtable.errors import Missing
from sharedtable.people.matching.linking import Told, link, quiet
from sharedtable.people.matching.prepared import Firms, Humans
from sharedtable.people.matching.records import Answer, Firm, Human, Match, Reason

BIG = 400_000
Engine = Literal["auto", "own", "splink"]
SURE, LIKELY = 0.99, 0.5


def match(
    left: Sequence[Firm] | Sequence[Human],
    right: Sequence[Firm] | Sequence[Human],
    *,
    engine: Engine = "auto",
    told: Told = quiet,
) -> list[Match]:
    """For each record of `left` those of `right` that are the same or perhaps the same, by the engine that fits."""
    chosen = engine if engine != "auto" else ("splink" if len(left) + len(right) >= BIG and is_here() else "own")
    return link(left, right, told) if chosen == "own" else link_with_splink(left, right)


def is_here() -> bool:
    """Whether Splink is installed."""
    import importlib.util

    return importlib.util.find_spec("splink") is not None


def link_with_splink(left: Sequence[Firm] | Sequence[Human], right: Sequence[Firm] | Sequence[Human]) -> list[Match]:
    """The pairs of both lists that Splink finds likely. Fails with Missing when Splink is not installed."""
    if not is_here():
        raise Missing("Splink is not installed here. Install Shared Table with the extra `states`.")
    if not left or not right:
        return []
    from splink import Linker
    from splink.backends.duckdb import DuckDBAPI

    database = DuckDBAPI()
    tables = [
        database.register(_table(side), dataset_display_name=name)
        for name, side in (("list_one", left), ("list_two", right))
    ]
    is_firms = isinstance(left[0], Firm)
    linker = Linker(tables, firm_settings("link_only") if is_firms else human_settings("link_only"), log_level=40)
    train(linker, is_firms)
    found = linker.inference.predict(threshold_match_probability=LIKELY)
    columns = "match_probability, match_weight, source_dataset_l, unique_id_l, unique_id_r"
    made: list[Match] = []
    for probability, weight, source, one, other in found.as_duckdbpyrelation().select(columns).fetchall():
        mine, theirs = (one, other) if source == "list_one" else (other, one)
        answer = Answer.SAME if probability >= SURE else Answer.PERHAPS
        made.append(Match(mine, theirs, float(weight), answer, (Reason("splink", float(weight)),)))
    return sorted(made, key=lambda one: -one.bits)


def train(linker: Any, is_firms: bool) -> None:
    """Let Splink estimate its weights: by chance agreement, then by expectation and maximisation."""
    from splink import block_on

    sure = [block_on("phone"), block_on("title", "zip")] if is_firms else [block_on("mail"), block_on("number")]
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    rules = [block_on("title"), block_on("phone")] if is_firms else [block_on("family", "given"), block_on("born")]
    for rule in rules:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)


def firm_settings(kind: Literal["link_only", "dedupe_only"]) -> Any:
    """What is compared of companies."""
    import splink.comparison_library as compare
    from splink import SettingsCreator, block_on

    return SettingsCreator(
        link_type=kind,
        comparisons=[
            compare.JaroWinklerAtThresholds("title", [0.95, 0.88]).configure(term_frequency_adjustments=True),
            compare.ExactMatch("phone"),
            compare.ExactMatch("domain"),
            compare.JaroWinklerAtThresholds("road", [0.9]),
            compare.ExactMatch("house"),
            compare.ExactMatch("zip").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("phone"), block_on("domain"), block_on("title"), block_on("house", "zip"),
            block_on("substr(title, 1, 6)", "zip"),
        ],
    )  # fmt: skip


def human_settings(kind: Literal["link_only", "dedupe_only"]) -> Any:
    """What is compared of people."""
    import splink.comparison_library as compare
    from splink import SettingsCreator, block_on

    return SettingsCreator(
        link_type=kind,
        comparisons=[
            compare.JaroWinklerAtThresholds("given", [0.9, 0.8]).configure(term_frequency_adjustments=True),
            compare.JaroWinklerAtThresholds("family", [0.9, 0.8]).configure(term_frequency_adjustments=True),
            compare.ExactMatch("mail"),
            compare.ExactMatch("phone"),
            compare.DamerauLevenshteinAtThresholds("born", [1]),
            compare.DamerauLevenshteinAtThresholds("number", [1]),
            compare.JaroWinklerAtThresholds("road", [0.9]),
            compare.ExactMatch("zip").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("mail"), block_on("phone"), block_on("number"), block_on("born"), block_on("family", "given"),
            block_on("family", "zip"), block_on("given", "zip"), block_on("house", "road"),
        ],
    )  # fmt: skip


def _table(side: Sequence[Firm] | Sequence[Human]) -> Any:
    """The cleaned columns of one side, as a table that DuckDB reads."""
    import pyarrow as pa

    keys = [one.key for one in side]
    columns: dict[str, list[Any]]
    if isinstance(side[0], Firm):
        firms = Firms.of(side)  # type: ignore[arg-type]  # a list holds one kind
        place = firms.place
        columns = {
            "title": list(firms.title),
            "phone": [_first(one) for one in firms.phones],
            "domain": [_first(one) for one in firms.domains],
        }
    else:
        people = Humans.of(side)  # type: ignore[arg-type]
        place = people.place
        columns = {
            "given": list(people.given),
            "family": list(people.family),
            "mail": [_first(one) for one in people.mails],
            "phone": [_first(one) for one in people.phones],
            "born": list(people.born),
            "number": list(people.number),
        }
    columns |= {"house": list(place.house), "road": list(place.road), "zip": list(place.zip)}
    plain = {name: pa.array([value or None for value in values], pa.string()) for name, values in columns.items()}
    return pa.table({"unique_id": pa.array(keys, pa.int64()), **plain})


def _first(texts: tuple[str, ...]) -> str:
    return texts[0] if texts else ""
