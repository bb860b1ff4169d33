//! The library `inclusion`: tags that render a template.

use nuages_template::{Library, Signature};

use super::Expected;

/// The tags that say what they were called with, through `inclusion.html`: name, parameters, and whether they look at the context.
const TAGS: [(&str, &str, bool); 19] = [
    ("inclusion_no_params", "", false),
    ("inclusion_no_params_from_template", "", false),
    ("inclusion_one_param", "arg", false),
    ("inclusion_one_param_from_template", "arg", false),
    ("inclusion_explicit_no_context", "arg", false),
    ("inclusion_explicit_no_context_from_template", "arg", false),
    ("inclusion_no_params_with_context", "", true),
    ("inclusion_no_params_with_context_from_template", "", true),
    ("inclusion_params_and_context", "arg", true),
    ("inclusion_params_and_context_from_template", "arg", true),
    ("inclusion_two_params", "one two", false),
    ("inclusion_two_params_from_template", "one two", false),
    ("inclusion_one_default", "one two=hi", false),
    ("inclusion_keyword_only_default", "* kwarg=42", false),
    ("inclusion_one_default_from_template", "one two=hi", false),
    ("inclusion_unlimited_args", "one two=hi *args", false),
    (
        "inclusion_unlimited_args_from_template",
        "one two=hi *args",
        false,
    ),
    ("inclusion_only_unlimited_args", "*args", false),
    (
        "inclusion_only_unlimited_args_from_template",
        "*args",
        false,
    ),
];

pub(super) fn library() -> Library {
    let kwargs = (
        "inclusion_unlimited_args_kwargs",
        "one two=hi *args **kwargs",
        false,
    );
    let mut library = Library::new();
    for (name, parameters, context) in TAGS.into_iter().chain([kwargs]) {
        let expected = Expected {
            name,
            parameters,
            context,
        };
        library = library.inclusion_tag(
            expected.signature(),
            "inclusion.html",
            move |arguments, variables, renderer| {
                variables.set("result", expected.text(arguments, renderer)?);
                Ok(())
            },
        );
    }
    for (name, template) in [
        ("inclusion_tag_use_l10n", "test_incl_tag_use_l10n.html"),
        ("inclusion_extends1", "inclusion_extends1.html"),
        ("inclusion_extends2", "inclusion_extends2.html"),
    ] {
        library = library.inclusion_tag(Signature::new(name), template, |_, _, _| Ok(()));
    }
    library
}
