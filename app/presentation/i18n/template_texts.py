"""The functions with which templates translate their texts."""

from functools import cache

from jinja2 import Environment, nodes, pass_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context

from app.presentation.i18n.translation import fill_in_template, gettext, ngettext_form


class _CodeGenerator(CodeGenerator):
    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> str:
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)


def install_translations(environment: Environment) -> None:
    """Let templates translate texts; those of Jinja would fill in the values before particles are chosen.

    Nothing is worked out when a template is compiled: a label would stay in the language of the first page.
    """
    environment.optimized, environment.code_generator_class = False, _CodeGenerator
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(gettext, ngettext_form, newstyle=True)  # type: ignore[attr-defined]
    environment.globals |= {"_": _gettext, "gettext": _gettext, "ngettext": _ngettext}


@pass_context
def _gettext(context: Context, text: str, /, **values: object) -> str:
    escapes = bool(context.eval_ctx.autoescape)
    return fill_in_template(gettext(text), values, escapes=escapes) if values else _as_it_is(gettext(text), escapes)


@cache
def _as_it_is(text: str, escapes: bool) -> str:
    """A text without values, of which templates have a limited number."""
    return fill_in_template(text, {}, escapes=escapes)


@pass_context
def _ngettext(context: Context, one: str, many: str, num: int, /, **values: object) -> str:
    text = ngettext_form(one, many, num)
    return fill_in_template(text, {"num": num, **values}, escapes=bool(context.eval_ctx.autoescape))
