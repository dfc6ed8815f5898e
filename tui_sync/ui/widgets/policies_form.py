"""The form for the three policies of a sync."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.message import Message

from tui_sync.model.records import Module
from tui_sync.model.sync import Policies
from tui_sync.ui.present.lines import Tone, wrapped
from tui_sync.ui.present.policies import LABELS, MARKETING, options, sentence, taken, with_value
from tui_sync.ui.widgets.form_row import Form, FormRow
from tui_sync.ui.widgets.lines import Flowing
from tui_sync.ui.widgets.options import Options


class PoliciesForm(Form):
    """Three rows of choices with what each means. `module` None: not known yet; `know` tells it later.

    `value` is what is chosen at present; `Changed` is posted at each choice.
    """

    DEFAULT_CSS = "PoliciesForm > #there { height: auto; margin-left: 3; margin-right: 1; }"

    class Changed(Message):
        """Another policy was chosen; `form.value` has it."""

        def __init__(self, form: PoliciesForm) -> None:
            super().__init__()
            self.form = form

        @property
        def control(self) -> PoliciesForm:
            """The form."""
            return self.form

    def __init__(self, policies: Policies, *, module: Module | None, marketing: bool, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self._policies, self._module, self.marketing = policies, module, marketing
        self._options = {name: Options(options(name, module), taken(policies, name)) for name in LABELS}
        self._rows = {name: FormRow(label, self._options[name]) for name, label in LABELS.items()}

    def compose(self) -> ComposeResult:
        """A row for each policy, then what removing means at Marketing Automation."""
        yield from self._rows.values()
        if self.marketing:
            yield Flowing(lambda width: wrapped(MARKETING, width, Tone.DIM), id="there")

    def on_mount(self) -> None:
        """Tell what the values mean."""
        self._tell()

    @property
    def value(self) -> Policies:
        """The policies as they are chosen."""
        return self._policies

    def know(self, module: Module) -> None:
        """The module is known now: what it does not have cannot be chosen."""
        self._module = module
        self.put(self._policies)

    def put(self, policies: Policies) -> None:
        """Have these stand in it, without telling anybody."""
        self._policies = policies
        for name, row in self._options.items():
            row.offer(options(name, self._module), taken(policies, name))
        self._tell()

    def on_options_changed(self, event: Options.Changed) -> None:
        """A policy was chosen."""
        event.stop()
        name = next(name for name, row in self._options.items() if row is event.options)
        self._policies = with_value(self._policies, name, event.value)
        self._tell()
        self.post_message(self.Changed(self))

    def on_options_refused(self, event: Options.Refused) -> None:
        """The reason stands below the row already; it stands out now."""
        event.stop()
        name = next(name for name, row in self._options.items() if row is event.options)
        self._rows[name].tell(event.why, Tone.WARN)

    def _tell(self) -> None:
        for name, row in self._rows.items():
            row.tell(sentence(self._policies, name, self._module))
