"""The modules of the organisation and their fields: one table that storage, metadata and criteria all read.

API names, types and lengths come from Recruit's pages on fields; the custom fields are this organisation's own.
A record is stored as a JSON array of values in the order of its module's `fields`.
"""

from __future__ import annotations

from typing import NamedTuple

DEPARTMENTS = (
    "Information Technology",
    "Finance",
    "Marketing",
    "Sales",
    "Human Resources",
    "Engineering",
    "Operations",
    "Health Care",
)
CANDIDATE_STATUSES = (
    "New",
    "Waiting for Evaluation",
    "Qualified",
    "Contacted",
    "Interview Scheduled",
    "Offered",
    "Hired",
    "On hold",
    "Converted - Employee",
)
SOURCES = ("Career site", "Referral", "Job board", "Winter job fair", "University", "Agency", "Social network")
CONTACT_SOURCES = ("Partner", "Conference", "Web form", "Cold call", "Referral")
CONTACT_DEPARTMENTS = ("Technology", "Purchasing", "Human Resources", "Management", "Finance", "Legal", "Production")
INDUSTRIES = ("Software", "Manufacturing", "Logistics", "Health", "Retail", "Education", "Energy")
LANGUAGES = ("English", "German", "French", "Spanish", "Hindi", "Mandarin", "Arabic", "Polish")
DEGREES = ("Bachelor", "Master", "Doctorate", "Diploma", "Vocational training")


class FieldSpec(NamedTuple):
    """One field: API name, `data_type`, maximal length, choices of a pick list, module of a lookup, custom or not."""

    name: str
    type: str
    length: int = 255
    choices: tuple[str, ...] = ()
    lookup: str = ""
    custom: bool = False
    label: str = ""

    @property
    def shown(self) -> str:
        """The label that people see: the given one, or the API name with spaces."""
        return self.label or self.name.replace("_", " ")


class ModuleSpec(NamedTuple):
    """One module: `number` keys it in storage, `block` starts its ids, `stamp` names its field of the last change."""

    number: int
    name: str
    singular: str
    plural: str
    stamp: str
    fields: tuple[FieldSpec, ...]
    kind: str = "default"
    display: str = "Full_Name"

    @property
    def id(self) -> str:
        """The id of the module itself, 18 digits."""
        return str(846336000000000100 + self.number)

    def column(self, name: str) -> int:
        """Where a field stands in the stored array; KeyError where the module does not have it."""
        for index, field in enumerate(self.fields):
            if field.name == name:
                return index
        raise KeyError(name)


F = FieldSpec


def _texts(*names: str, length: int = 255) -> tuple[FieldSpec, ...]:
    return tuple(F(name, "text", length) for name in names)


def _stamps(*names: str) -> tuple[FieldSpec, ...]:
    return tuple(F(name, "datetime") for name in names)


_PEOPLE = (F("Created_By", "ownerlookup"), F("Modified_By", "ownerlookup"))
_REACH = (F("Email", "email", 100), F("Secondary_Email", "email", 100))
_OPT_OUT = F("Email_Opt_Out", "boolean", label="Email Opt Out")

_CANDIDATES = (
    F("Salutation", "picklist", choices=("Ms.", "Mr.", "Mx.", "Dr.")),
    *_texts("First_Name", length=40),
    *_texts("Last_Name", length=80),
    *_texts("Full_Name"),
    *_REACH,
    *(F(name, "phone", 30) for name in ("Phone", "Mobile", "Fax")),
    F("Website", "website", 120),
    *_texts("Skype_ID", "Twitter", length=50),
    *_texts("Street", length=250),
    *_texts("City", "State", "Zip_Code", "Country", length=30),
    F("Experience_in_Years", "integer", 9),
    F("Highest_Qualification_Held", "picklist", choices=DEGREES),
    *_texts("Current_Job_Title", "Current_Employer", length=100),
    F("Current_Salary", "currency", 16),
    F("Expected_Salary", "currency", 16),
    F("Skill_Set", "textarea", 2000),
    F("Additional_Info", "textarea", 32000),
    F("Candidate_Status", "picklist", choices=CANDIDATE_STATUSES),
    F("Candidate_ID", "autonumber", label="Candidate ID"),
    F("Candidate_Owner", "ownerlookup"),
    F("Source", "picklist", choices=SOURCES),
    F("Origin", "picklist", choices=("Created by user", "Parsed resume", "Career page", "Imported")),
    F("Rating", "picklist", choices=("1", "2", "3", "4", "5")),
    _OPT_OUT,
    F("Is_Locked", "boolean"),
    F("Is_Unqualified", "boolean"),
    F("Is_Attachment_Present", "boolean"),
    *_stamps("Last_Mailed_Time"),
    *_PEOPLE,
    *_stamps("Created_Time", "Updated_On", "Last_Activity_Time"),
    F("Educational_Details", "subform"),
    F("Experience_Details", "subform"),
    F("Record_Image", "profileimage"),
    F("Resume", "fileupload", custom=True),
    F("Department", "picklist", choices=DEPARTMENTS, custom=True),
    F("Year_of_Passing", "integer", 9, custom=True, label="Year of Passing"),
    F("Passed_Out_On", "date", custom=True, label="Passed Out On"),
    F("Languages", "multiselectpicklist", choices=LANGUAGES, custom=True),
    F("Profile_Completeness", "percent", 5, custom=True),
)
_CONTACTS = (
    *_texts("First_Name", length=40),
    *_texts("Last_Name", length=80),
    *_texts("Full_Name"),
    *_REACH,
    F("Client_Name", "lookup", lookup="Clients"),
    F("Department", "picklist", choices=CONTACT_DEPARTMENTS),
    *_texts("Job_Title", length=100),
    *(F(name, "phone", 30) for name in ("Work_Phone", "Mobile", "Fax")),
    *_texts("Mailing_Street", "Mailing_City", "Mailing_State", "Mailing_Zip", "Mailing_Country"),
    *_texts("Other_City", "Other_Country"),
    F("Is_primary_contact", "boolean", label="Is primary contact"),
    _OPT_OUT,
    F("Source", "picklist", choices=CONTACT_SOURCES),
    *_texts("Skype_ID", "Twitter"),
    F("Contact_Owner", "ownerlookup"),
    F("Client_Portal_User_Status", "picklist", choices=("Active", "Inactive", "Not invited")),
    *_PEOPLE,
    *_stamps("Created_Time", "Modified_Time"),
)
_CLIENTS = (
    *_texts("Client_Name", length=200),
    F("Website", "website", 120),
    F("Industry", "picklist", choices=INDUSTRIES),
    F("Source", "picklist", choices=CONTACT_SOURCES),
    F("Contact_Number", "phone", 30),
    F("Fax", "phone", 30),
    F("Account_Manager", "ownerlookup"),
    F("Parent_Account", "lookup", lookup="Clients"),
    F("About", "textarea", 2000),
    *_texts("Billing_Street", "Billing_City", "Billing_State", "Billing_Code", "Billing_Country"),
    *_PEOPLE,
    *_stamps("Created_Time", "Modified_Time"),
)
_OPENINGS = (
    *_texts("Posting_Title", "Job_Opening_Name"),
    F("Job_Opening_ID", "autonumber", label="Job Opening ID"),
    F("Client_Name", "lookup", lookup="Clients"),
    F("Contact_Name", "lookup", lookup="Contacts"),
    F("Account_Manager", "ownerlookup"),
    F("Assigned_Recruiter", "multiuserlookup"),
    F("Job_Opening_Status", "picklist", choices=("In-progress", "Filled", "On-Hold", "Cancelled")),
    F("Date_Opened", "date"),
    F("Target_Date", "date"),
    F("Job_Type", "picklist", choices=("Full time", "Part time", "Temporary", "Contract")),
    F("Industry", "picklist", choices=INDUSTRIES),
    F("Work_Experience", "picklist", choices=("Fresher", "0-1 year", "1-3 years", "4-5 years", "5+ years")),
    *_texts("Number_of_Positions", "City", "State", "Country", "Zip_Code"),
    F("Salary", "currency", 16),
    F("Remote_Job", "boolean"),
    F("Is_Hot_Job_Opening", "boolean"),
    F("Publish", "boolean"),
    F("Expected_Revenue", "currency", 16),
    F("No_of_Candidates_Associated", "integer", 9),
    F("No_of_Candidates_Hired", "integer", 9),
    F("Job_Description", "textarea", 32000),
    *_PEOPLE,
    *_stamps("Created_Time", "Modified_Time"),
)
_ALUMNI = (
    *_texts("Name"),
    *_texts("First_Name", "Last_Name"),
    F("Email", "email", 100),
    _OPT_OUT,
    F("Phone", "phone", 30, custom=True),
    *(F(name, "text", custom=True) for name in ("City", "Country", "Employer", "Job_Title")),
    F("Degree", "picklist", choices=DEGREES, custom=True),
    F("Graduation_Year", "integer", 9, custom=True),
    F("Graduated_On", "date", custom=True, label="Graduated On"),
    F("Mentor", "boolean", custom=True),
    F("Owner", "ownerlookup"),
    *_PEOPLE,
    *_stamps("Created_Time", "Modified_Time"),
)
_VENUES = (
    *_texts("Name"),
    *(F(name, "text", custom=True) for name in ("City", "Country")),
    F("Seats", "integer", 9, custom=True),
    F("Owner", "ownerlookup"),
    *_PEOPLE,
    *_stamps("Created_Time", "Modified_Time"),
)
_REFEREES = (
    *_texts("Name"),
    *_texts("First_Name", "Last_Name"),
    F("Email", "email", 100),
    F("Referee_For", "lookup", lookup="Candidates", custom=True),
    F("Owner", "ownerlookup"),
    *_PEOPLE,
    *_stamps("Created_Time", "Modified_Time"),
)
_PLAIN = (*_texts("Name"), *_PEOPLE, *_stamps("Created_Time", "Modified_Time"))

CANDIDATES = ModuleSpec(1, "Candidates", "Candidate", "Candidates", "Updated_On", _CANDIDATES)
CONTACTS = ModuleSpec(2, "Contacts", "Contact", "Contacts", "Modified_Time", _CONTACTS)
CLIENTS = ModuleSpec(3, "Clients", "Client", "Clients", "Modified_Time", _CLIENTS, display="Client_Name")
OPENINGS = ModuleSpec(
    4, "Job_Openings", "Job Opening", "Job Openings", "Modified_Time", _OPENINGS, display="Posting_Title"
)
ALUMNI = ModuleSpec(5, "CustomModule1", "Alumnus", "Alumni", "Modified_Time", _ALUMNI, "custom", "Name")
VENUES = ModuleSpec(6, "CustomModule2", "Training Venue", "Training Venues", "Modified_Time", _VENUES, "custom", "Name")
REFEREES = ModuleSpec(7, "CustomModule3", "Referee", "Referees", "Modified_Time", _REFEREES, "custom", "Name")
INTERVIEWS = ModuleSpec(8, "Interviews", "Interview", "Interviews", "Modified_Time", _PLAIN, display="Name")
TASKS = ModuleSpec(9, "Tasks", "Task", "Tasks", "Modified_Time", _PLAIN, display="Name")

MODULES = (CANDIDATES, CONTACTS, CLIENTS, OPENINGS, ALUMNI, VENUES, REFEREES, INTERVIEWS, TASKS)
BY_NAME = {module.name: module for module in MODULES} | {"JobOpenings": OPENINGS}
"""Modules by API name; job openings answer to both spellings that occur at Zoho."""
BY_NUMBER = {module.number: module for module in MODULES}
UNSUPPORTED = ("Documents", "Projects")
"""Modules that exist and that the API does not serve."""

BLOCK = 1_000_000_000
"""How many ids each module has for its records."""


_FIRST = 100_001


def first_id(module: ModuleSpec) -> int:
    """The lowest id of a module's records: 18 digits, each module in a block of its own."""
    return 846336000000000000 + module.number * BLOCK + _FIRST


def id_range(module: ModuleSpec) -> tuple[int, int]:
    """The ids that a module's records may have: from the first one up to, and without, the second."""
    return first_id(module), first_id(module) + BLOCK - _FIRST
