"""The public functions: load, check, read_case, decide, replay. The only layer that knows the order of the stages."""

from baoquan_rules.api.cases import read_case as read_case
from baoquan_rules.api.cases import read_cases as read_cases
from baoquan_rules.api.cases import version_of as version_of
from baoquan_rules.api.checking import check as check
from baoquan_rules.api.deciding import decide as decide
from baoquan_rules.api.deciding import decide_many as decide_many
from baoquan_rules.api.deciding import replay as replay
from baoquan_rules.api.library import Library as Library
from baoquan_rules.api.library import library_of as library_of
from baoquan_rules.api.library import load as load
from baoquan_rules.api.library import schema_of as schema_of
from baoquan_rules.api.places import COMPANY as COMPANY
from baoquan_rules.api.places import HERE as HERE
from baoquan_rules.api.places import folder_of as folder_of
from baoquan_rules.api.places import products_folder as products_folder
from baoquan_rules.api.places import rulebook_files as rulebook_files
