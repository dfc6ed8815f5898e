"""One believable record at a time: functions from a random source to the values of a candidate, contact and so on.

Values are a dictionary by API name; what is absent is null. `$stamp` is the last change in seconds, UTC. Nothing here
touches the database or the clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any, TypeAlias, TypeVar

from tui_sync.simulator import schema
from tui_sync.simulator.clock import DAY, stamp_text, to_datetime
from tui_sync.simulator.names import CULTURES, DOMAINS, EMPLOYERS, OWNERS, SKILLS, TITLES, Culture

Values: TypeAlias = dict[str, Any]
T = TypeVar("T")

OWNER_VALUES = tuple({"name": name, "id": str(846336000000000010 + n)} for n, name in enumerate(OWNERS))
"""The recruiters as the wire shows an owner."""
_DEPARTMENTS = schema.DEPARTMENTS[:1] * 2 + schema.DEPARTMENTS
_STATUSES = tuple(
    status
    for status, weight in zip(schema.CANDIDATE_STATUSES[:-1], (6, 4, 4, 5, 2, 1, 2, 1), strict=True)
    for _ in range(weight)
)
_RATINGS = ("1", "2", "2", "3", "3", "3", "4", "4", "4", "5")
_CONTACT_SOURCES = schema.CONTACT_SOURCES + schema.CONTACT_SOURCES[1:]
_LANGUAGES = tuple([one, two] for one in schema.LANGUAGES for two in schema.LANGUAGES if one < two)


def pick(random: Random, pool: Sequence[T]) -> T:
    """One of a pool; several times faster than `Random.choice`, which generation of a million rows feels."""
    return pool[int(random.random() * len(pool))]


def _stamps(random: Random, created: int, now: int, names: Sequence[str]) -> Values:
    changed = created + int(random.random() * (now - created))
    texts = (stamp_text(created), stamp_text(changed))
    return {name: texts[min(place, 1)] for place, name in enumerate(names)} | {"$stamp": changed}


def _name(random: Random, number: int) -> tuple[Culture, Values]:
    culture = pick(random, CULTURES)
    first, first_latin = pick(random, culture.given)
    last, last_latin = pick(random, culture.family)
    email = f"{first_latin}.{last_latin}{number}@{pick(random, DOMAINS)}"
    return culture, {"First_Name": first, "Last_Name": last, "Full_Name": f"{first} {last}", "Email": email}


def phone(random: Random, culture: Culture) -> str:
    """A telephone number of a country; the digits are made up."""
    return f"{culture.prefix} 555 {int(random.random() * 9_000_000) + 1_000_000}"


def candidate(random: Random, number: int, created: int, now: int) -> Values:
    """The `number`th candidate, created at `created` (seconds, UTC) and changed at some time before `now`."""
    culture, values = _name(random, number)
    draw = random.random
    owner = pick(random, OWNER_VALUES)
    year = 2005 + int(draw() * 20)
    salary = 1000 * (18 + int(draw() * 90))
    values |= {
        "Salutation": ("Ms.", "Mr.", None, None, "Dr.")[int(draw() * 5)],
        "Phone": phone(random, culture),
        "City": pick(random, culture.cities),
        "Country": culture.country,
        "Experience_in_Years": int(draw() * (2027 - year)),
        "Highest_Qualification_Held": pick(random, schema.DEGREES),
        "Current_Job_Title": pick(random, TITLES),
        "Current_Employer": pick(random, EMPLOYERS) if draw() < 0.8 else None,
        "Current_Salary": float(salary),
        "Expected_Salary": salary * 1.1,
        "Skill_Set": pick(random, SKILLS),
        "Candidate_Status": pick(random, _STATUSES),
        "Candidate_ID": f"ZR_{number}_CAND",
        "Candidate_Owner": owner,
        "Source": pick(random, schema.SOURCES),
        "Origin": "Career page" if draw() < 0.6 else "Imported",
        "Rating": pick(random, _RATINGS),
        "Email_Opt_Out": False,
        "Is_Locked": False,
        "Is_Unqualified": False,
        "Is_Attachment_Present": draw() < 0.4,
        "Created_By": owner,
        "Modified_By": owner,
        "Department": pick(random, _DEPARTMENTS),
        "Year_of_Passing": year,
        "Passed_Out_On": f"{year}-{1 + int(draw() * 12):02}-{1 + int(draw() * 28):02}",
        "Languages": pick(random, _LANGUAGES),
        "Profile_Completeness": 40 + int(draw() * 61),
        "Educational_Details": [],
        "Experience_Details": [],
    }
    return values | _stamps(random, created, now, ("Created_Time", "Updated_On", "Last_Activity_Time"))


def contact(random: Random, number: int, created: int, now: int, clients: Sequence[Values]) -> Values:
    """The `number`th contact, who works for one of `clients` (name and id)."""
    culture, values = _name(random, number)
    owner = pick(random, OWNER_VALUES)
    values["Email"] = values["Email"].replace("@", ".hr@")
    values |= {
        "Client_Name": pick(random, clients) if clients else None,
        "Department": pick(random, schema.CONTACT_DEPARTMENTS),
        "Job_Title": pick(random, ("Head of HR", "Purchaser", "CTO", "Team Lead", "Managing Director")),
        "Work_Phone": phone(random, culture),
        "Mailing_City": pick(random, culture.cities),
        "Mailing_Country": culture.country,
        "Is_primary_contact": random.random() < 0.3,
        "Email_Opt_Out": False,
        "Source": pick(random, _CONTACT_SOURCES),
        "Contact_Owner": owner,
        "Client_Portal_User_Status": "Not invited",
        "Created_By": owner,
        "Modified_By": owner,
    }
    return values | _stamps(random, created, now, ("Created_Time", "Modified_Time"))


def alumnus(random: Random, number: int, created: int, now: int) -> Values:
    """The `number`th former employee or student of the custom module Alumni."""
    culture, values = _name(random, number)
    year = 1995 + int(random.random() * 28)
    values["Email"] = values["Email"].replace("@", ".alum@")
    values |= {
        "Name": values["Full_Name"],
        "Email_Opt_Out": False,
        "Phone": phone(random, culture) if random.random() < 0.7 else None,
        "City": pick(random, culture.cities),
        "Country": culture.country,
        "Employer": pick(random, EMPLOYERS),
        "Job_Title": pick(random, TITLES),
        "Degree": pick(random, schema.DEGREES),
        "Graduation_Year": year,
        "Graduated_On": f"{year}-07-15",
        "Mentor": random.random() < 0.2,
    }
    return values | _owned(random) | _stamps(random, created, now, ("Created_Time", "Modified_Time"))


def client(random: Random, number: int, created: int, now: int) -> Values:
    """The `number`th client company."""
    culture = pick(random, CULTURES)
    kind = ("Werke", "Holdings", "Studio", "Cooperative", "& Partners", "Labs")
    title = f"{pick(random, culture.family)[0]} {pick(random, kind)} {number}"
    values: Values = {
        "Client_Name": title,
        "Website": f"www.client{number}.example.com",
        "Industry": pick(random, schema.INDUSTRIES),
        "Source": pick(random, schema.CONTACT_SOURCES),
        "Contact_Number": phone(random, culture),
        "Account_Manager": pick(random, OWNER_VALUES),
        "Billing_City": pick(random, culture.cities),
        "Billing_Country": culture.country,
    }
    return values | _owned(random) | _stamps(random, created, now, ("Created_Time", "Modified_Time"))


def opening(
    random: Random, number: int, created: int, now: int, clients: Sequence[Values], contacts: Sequence[Values]
) -> Values:
    """The `number`th job opening of one of `clients`, asked for by one of `contacts`."""
    culture = pick(random, CULTURES)
    title = pick(random, TITLES)
    opened = to_datetime(created).date()
    recruiter = pick(random, OWNER_VALUES)
    values: Values = {
        "Posting_Title": title,
        "Job_Opening_Name": title,
        "Job_Opening_ID": f"ZR_{number}_JOB",
        "Client_Name": pick(random, clients) if clients else None,
        "Contact_Name": pick(random, contacts) if contacts else None,
        "Account_Manager": pick(random, OWNER_VALUES),
        "Assigned_Recruiter": [recruiter | {"email": f"recruiter{recruiter['id'][-1]}@zylker.com"}],
        "Job_Opening_Status": pick(random, ("In-progress", "In-progress", "Filled", "On-Hold", "Cancelled")),
        "Date_Opened": opened.isoformat(),
        "Target_Date": (opened + timedelta(days=60)).isoformat(),
        "Job_Type": pick(random, ("Full time", "Part time", "Temporary", "Contract")),
        "Industry": pick(random, schema.INDUSTRIES),
        "Work_Experience": pick(random, ("Fresher", "1-3 years", "4-5 years", "5+ years")),
        "Number_of_Positions": str(1 + int(random.random() * 6)),
        "City": pick(random, culture.cities),
        "Country": culture.country,
        "Salary": float(1000 * (20 + int(random.random() * 80))),
        "Remote_Job": random.random() < 0.3,
        "Is_Hot_Job_Opening": random.random() < 0.15,
        "Publish": True,
        "Expected_Revenue": float(500 * int(random.random() * 60)),
        "No_of_Candidates_Hired": 0,
        "Job_Description": f"We look for a {title.lower()} who likes to work with people.",
    }
    return values | _owned(random) | _stamps(random, created, now, ("Created_Time", "Modified_Time"))


def venue(random: Random, number: int, created: int, now: int) -> Values:
    """The `number`th training venue: a custom module without an e-mail field."""
    culture = pick(random, CULTURES)
    values: Values = {
        "Name": f"Hall {number}",
        "City": pick(random, culture.cities),
        "Country": culture.country,
        "Seats": 10 * (1 + int(random.random() * 20)),
    }
    return values | _owned(random) | _stamps(random, created, now, ("Created_Time", "Modified_Time"))


def referee(random: Random, number: int, created: int, now: int) -> Values:
    """The `number`th referee: a custom module with an e-mail field and no opt-out."""
    _, values = _name(random, number)
    values["Name"] = values["Full_Name"]
    values["Email"] = values["Email"].replace("@", ".ref@")
    return values | _owned(random) | _stamps(random, created, now, ("Created_Time", "Modified_Time"))


def _owned(random: Random) -> Values:
    owner = pick(random, OWNER_VALUES)
    return {"Owner": owner, "Created_By": owner, "Modified_By": owner}


def created_at(place: int, count: int, now: int) -> int:
    """When the record at `place` of `count` was created: spread over the three years that end yesterday."""
    return now - DAY - (count - place) * (3 * 365 * DAY) // max(count, 1)
