//! How a room declares its typed settings.

use serde::de::DeserializeOwned;
use serde_json::Value;

/// A value that does not fit its setting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {message}")]
pub struct SettingError {
    /// The setting's name.
    pub key: String,
    /// What was expected and what was found; never the value itself, which may be a secret.
    pub message: String,
}

/// A struct whose fields are settings with Django's names in lower case.
///
/// Declared with [`settings!`](crate::settings!); gathered by `nuages_app::Settings`.
pub trait SettingsGroup: Default {
    /// The names, in the order of declaration.
    const KEYS: &'static [&'static str];

    /// Sets one field; `Ok(false)` when the name is not one of ours.
    ///
    /// # Errors
    /// When the value has the wrong type.
    fn set(&mut self, key: &str, value: &Value) -> Result<bool, SettingError>;
}

/// Reads one setting's value into its type.
///
/// # Errors
/// When the value has the wrong type: the message says what was expected, without the value.
pub fn read_setting<T: DeserializeOwned>(key: &str, value: &Value) -> Result<T, SettingError> {
    T::deserialize(value).map_err(|error| {
        // serde's message may quote a string value ("invalid type: string "s3cret", …").
        let text = error.to_string();
        let expected = text
            .rsplit_once("expected ")
            .map_or(text.as_str(), |(_, tail)| tail);
        SettingError {
            key: key.to_owned(),
            message: format!("expected {expected}, found {}", kind_of(value)),
        }
    })
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Number(n) if n.is_f64() => "a decimal number",
        Value::Number(_) => "an integer",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "a table",
    }
}

/// Declares a room's settings: a struct, its defaults and its names, in one list.
///
/// ```
/// use nuages_base::{SettingsGroup, settings};
/// use nuages_base::__private::serde_json::json;
///
/// settings! {
///     /// Settings of the tea room.
///     pub struct TeaSettings {
///         /// TEA_MINUTES: how long it draws, in minutes.
///         pub tea_minutes: u32 = 4,
///         /// TEA_KINDS: what there is.
///         pub tea_kinds: Vec<String> = vec!["green".to_owned()],
///     }
/// }
///
/// let mut tea = TeaSettings::default();
/// assert!(tea.set("tea_minutes", &json!(3)).unwrap());
/// assert!(!tea.set("coffee", &json!(true)).unwrap());
/// let error = tea.set("tea_minutes", &json!("three")).unwrap_err();
/// assert_eq!(error.to_string(), "tea_minutes: expected u32, found a string");
/// ```
#[macro_export]
macro_rules! settings {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident {
            $( $(#[$field_meta:meta])* pub $field:ident : $type:ty = $default:expr ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        $vis struct $name {
            $( $(#[$field_meta])* pub $field: $type, )*
        }

        impl ::core::default::Default for $name {
            fn default() -> Self {
                Self { $( $field: $default, )* }
            }
        }

        impl $crate::SettingsGroup for $name {
            const KEYS: &'static [&'static str] = &[ $( stringify!($field), )* ];

            fn set(
                &mut self,
                key: &str,
                value: &$crate::__private::serde_json::Value,
            ) -> ::core::result::Result<bool, $crate::SettingError> {
                match key {
                    $( stringify!($field) => self.$field = $crate::read_setting(key, value)?, )*
                    _ => return Ok(false),
                }
                Ok(true)
            }
        }
    };
}
