"""Deterministic Recruit-like candidates of 30 fields for the benchmarks."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

FIRST = ["Anna", "Jürgen", "María", "Tomáš", "Olena", "Wei", "Priya", "John", "Zoë", "Łukasz", "Fatima", "Ben"]
LAST = ["Müller", "Smith", "García", "Novák", "Kowalski", "Chen", "Patel", "O'Brien", "Rossi", "Weber", "Fischer"]
DOMAINS = ["gmail.com", "outlook.com", "yahoo.co.uk", "web.de", "gmx.net", "zylker.com", "uni-bonn.de", "acme.io"]
STATUS = ["New", "Contacted", "Qualified", "Rejected", "Hired", "On hold"]
CITIES = ["Berlin", "Praha", "Kraków", "München", "London", "Paris", "Wien"]
SOURCES = ["LinkedIn", "Referral", "Website", "Agency"]
BASE = datetime(2024, 1, 1, 9, 0, tzinfo=UTC)


def email_of(number: int, dice: random.Random) -> str | None:
    """Mostly a valid address of its own; 2 % invalid, 2 % missing, 1 % of another record."""
    roll = dice.random()
    if roll < 0.02:
        return f"user{number}@@bad"
    if roll < 0.04:
        return None
    if roll < 0.05:
        return f"user{max(0, number - 7)}@dup.zylker.com"
    return f"user{number}.{dice.randrange(10**6)}@{dice.choice(DOMAINS)}"


def record(number: int, version: int = 0) -> dict[str, Any]:
    """Candidate `number`; a higher `version` is the same person edited later."""
    dice = random.Random(number)
    first, last = dice.choice(FIRST), dice.choice(LAST)
    modified = BASE + timedelta(minutes=number % 500_000, days=400 * version)
    return {
        "id": str(400_000_000_000_000_000 + number), "First_Name": first, "Last_Name": last,
        "Full_Name": f"{first} {last}", "Email": email_of(number, dice), "Secondary_Email": None,
        "Mobile": f"+49 151 {dice.randrange(10**8):08d}", "Phone": None, "Candidate_Status": dice.choice(STATUS),
        "Candidate_Owner": {"name": f"Recruiter {dice.randrange(40)}", "id": str(dice.randrange(10**15))},
        "City": dice.choice(CITIES) if not version else "Hamburg", "Country": "Germany", "State": None,
        "Zip_Code": f"{dice.randrange(10**5):05d}", "Street": f"Hauptstraße {dice.randrange(200)}",
        "Current_Employer": f"Company {dice.randrange(5000)} GmbH", "Current_Job_Title": "Senior Software Engineer",
        "Experience_in_Years": dice.randrange(30), "Expected_Salary": dice.randrange(30_000, 150_000),
        "Current_Salary": dice.randrange(30_000, 150_000), "Skill_Set": "Python, SQL, Kubernetes, Terraform, AWS, Go",
        "Highest_Qualification_Held": "M.Sc.", "Source": dice.choice(SOURCES), "Email_Opt_Out": dice.random() < 0.1,
        "Is_Locked": False, "Is_Unqualified": dice.random() < 0.05, "Rating": dice.randrange(6),
        "Website": f"https://zylker.com/~{number}", "Created_Time": "2023-06-01T09:12:45+05:30",
        "Updated_On": modified.isoformat(), "$converted": False,
    }  # fmt: skip
