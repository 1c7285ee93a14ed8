"""A profile as a convener would print it: every kind of block, and the same as a workbook."""

from datetime import date

from sharedtable.exports import (
    BlankLines,
    Bullets,
    Column,
    Document,
    Figure,
    Heading,
    KeyFigure,
    KeyFigures,
    PageBreak,
    Paragraph,
    Sheet,
    Side,
    Table,
    Workbook,
)

# Figures below are made up for the tests; they only have to look real.
BARS = [("2015", 21400), ("2018", 22950), ("2021", 21100), ("2025", 24310)]


def svg_bars() -> str:
    """A small bar chart, drawn as the pages draw theirs."""
    top = max(value for _, value in BARS)
    parts = [
        '<svg viewBox="0 0 480 190" width="480" height="190" font-family="Public Sans, sans-serif" font-size="12">'
    ]
    for i, (year, value) in enumerate(BARS):
        height = 130 * value / top
        x = 30 + i * 112
        parts.append(f'<rect x="{x}" y="{155 - height:.1f}" width="80" height="{height:.1f}" rx="2" fill="#0b4f55"/>')
        parts.append(f'<text x="{x + 40}" y="{148 - height:.1f}" text-anchor="middle" fill="#16242b">{value:,}</text>')
        parts.append(f'<text x="{x + 40}" y="174" text-anchor="middle" fill="#4d5d66">{year}</text>')
    return "".join([*parts, '<line x1="20" x2="470" y1="155.5" y2="155.5" stroke="#9fb0b3"/></svg>'])


INDUSTRY_COLUMNS = (
    Column("industry_code", "NAICS", "code", 0.8),
    Column("industry_title", "Industry", "text", 3.4),
    Column("employment_jobs", "Jobs", "integer", 1.0),
    Column("employment_change_2y_pct", "2 years", "change_pct", 1.0),
    Column("employment_change_10y_pct", "10 years", "change_pct", 1.0),
    Column("location_quotient_ratio", "Concentration", "ratio", 1.1, note="1.00 is the national share of jobs"),
    Column("average_annual_pay_usd", "Average pay", "usd", 1.2),
    Column("establishments", "Workplaces", "integer", 0.9),
)

INDUSTRY_ROWS = tuple(
    dict(zip([*(column.key for column in INDUSTRY_COLUMNS), "status"], values, strict=True))
    for values in [
        ("3261", "Plastics product manufacturing", 6240, 4.1, 18.25, 1.585, 58240, 84, "published"),
        ("3363", "Motor vehicle parts manufacturing", 5105, -2.35, -7.0, 2.94, 66310, 41, "published"),
        ("3323", "Architectural and structural metals manufacturing", 3380, 6.0, 22.4, 1.21, 61975, 112, "published"),
        ("3327", "Machine shops and turned products", 2950, 0.0, 9.1, 1.07, 63480, 187, "partly_withheld"),
        ("3335", "Metalworking machinery manufacturing", None, None, None, None, None, 33, "withheld"),
        ("3222", "Converted paper product manufacturing", 1815, -1.2, -3.3, 1.66, 69020, 22, "published"),
    ]
)

OCCUPATION_COLUMNS = (
    Column("occupation_code", "Code", "code", 0.9),
    Column("occupation_title", "Occupation", "text", 3.0),
    Column("employment_jobs", "Jobs", "integer"),
    Column("entry_usd", "Entry", "usd"),
    Column("median_usd", "Median", "usd"),
    Column("experienced_usd", "Experienced", "usd"),
)

OCCUPATION_ROWS = tuple(
    dict(zip([column.key for column in OCCUPATION_COLUMNS], values, strict=True))
    for values in [
        ("51-4041", "Machinists", 1480, 38200, 51310, 62950),
        ("51-4072", "Molding, coremaking and casting machine operators", 1210, 32400, 40120, 48330),
        ("51-1011", "First-line supervisors of production workers", 940, 46900, 64880, 82010),
        ("49-9041", "Industrial machinery mechanics", 870, 44150, 59430, 71220),
        ("17-2112", "Industrial engineers", 610, 64300, 92870, 118440),
    ]
)


def profile() -> Document:
    """A two-page profile with every block."""
    return Document(
        title="Advanced manufacturing in the Tri-County region",
        subject="Industry profile",
        author="Tri-County Workforce Board",
        created_on=date(2026, 11, 22),
        footer="Source: BLS Quarterly Census of Employment and Wages, 2025 annual averages.",
        sources=(
            "U.S. Bureau of Labor Statistics, Quarterly Census of Employment and Wages, 2015 to 2025, private.",
            "U.S. Bureau of Labor Statistics, Occupational Employment and Wage Statistics, May 2025.",
        ),
        blocks=(
            Paragraph(
                "24,310 people work in this sector: one in eleven jobs, and pay is well above the region's.", "lead"
            ),
            KeyFigures(
                (
                    KeyFigure("Jobs in 2025", 24310, "integer", "+5.9% in two years"),
                    KeyFigure("Concentration", 1.585, "ratio", "1.00 is the national share"),
                    KeyFigure("Average pay", 63480, "usd", "122% of the family-sustaining line"),
                    KeyFigure("Workplaces", 612, "integer", "40 jobs each on average"),
                )
            ),
            Heading(1, "How it grew"),
            Side(
                left=(Figure(svg_bars(), "Jobs rose from 21,400 in 2015 to 24,310 in 2025.", "Jobs, annual average"),),
                right=(
                    Heading(2, "What to ask"),
                    Bullets(
                        (
                            "Which employers added the jobs, and will they keep hiring?",
                            "What would they do with ten more machinists tomorrow?",
                            "Which of these figures surprise people who work there?",
                        )
                    ),
                    Paragraph("A figure is a place to start talking, not a verdict.", "note"),
                ),
                left_share=0.55,
            ),
            Heading(1, "The industries inside"),
            Table("Industries by jobs, 2025", INDUSTRY_COLUMNS, INDUSTRY_ROWS, "Change is in jobs.", mark_key="status"),
            PageBreak(),
            Heading(1, "Who works there"),
            Table("Largest occupations and their yearly wages", OCCUPATION_COLUMNS, OCCUPATION_ROWS),
            Paragraph("We turned down orders last spring because we could not staff a third shift.", "quote"),
            Heading(1, "What people here know"),
            BlankLines(5, "What do these figures miss?"),
            BlankLines(4, "Whom should we ask next?"),
        ),
    )


def workbook() -> Workbook:
    """The same profile as data."""
    return Workbook(
        layout="sharedtable.profile",
        layout_version=1,
        title="Advanced manufacturing in the Tri-County region",
        author="Tri-County Workforce Board",
        created_on=date(2026, 11, 22),
        about={"region": "areas = 39041,39045,06037", "sector": "include = 3261,333*", "year": 2025, "note": None},
        about_titles={"region": "Region", "sector": "Sector", "year": "Year"},
        sources=("BLS QCEW 2025", "=SUM(1)"),
        sheets=(
            Sheet("Industries", INDUSTRY_COLUMNS, INDUSTRY_ROWS, mark_key="status"),
            Sheet("Occupations", OCCUPATION_COLUMNS, OCCUPATION_ROWS),
        ),
    )
