//! What the type of a struct's field says about the form's field.

use syn::{GenericArgument, PathArguments, Type};

/// The kind of field that offers choices for a type.
pub(super) enum Choice<'t> {
    Text,
    Several,
    Typed(&'t Type),
    SeveralTyped(&'t Type),
}

/// The name of the type and its first parameter.
fn parts(ty: &Type) -> Option<(String, Option<&Type>)> {
    let Type::Path(path) = ty else {
        return None;
    };
    let last = path.path.segments.last()?;
    let inner = match &last.arguments {
        PathArguments::AngleBracketed(arguments) => {
            arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(inner) => Some(inner),
                _ => None,
            })
        }
        _ => None,
    };
    Some((last.ident.to_string(), inner))
}

/// May the field be left empty? An `Option` may, and so may a box that need not be ticked.
pub(super) fn is_optional(ty: &Type) -> bool {
    parts(ty).is_some_and(|(name, _)| name == "Option" || name == "bool")
}

/// The kind of field that offers choices for this type.
pub(super) fn choice(ty: &Type) -> Choice<'_> {
    match parts(ty) {
        Some((name, Some(inner))) if name == "Option" => choice(inner),
        Some((name, Some(inner))) if name == "Vec" => {
            if matches!(choice(inner), Choice::Text) {
                Choice::Several
            } else {
                Choice::SeveralTyped(inner)
            }
        }
        Some((name, _)) if name == "String" => Choice::Text,
        _ => Choice::Typed(ty),
    }
}
