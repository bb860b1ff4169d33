//! What templates see: `messages`.

use std::fmt;

use futures_util::future::BoxFuture;
use nuages_template::{Entries, Items, Kind, Object, Value};
use nuages_web::{ContextProcessor, RequestInfo, Result};

use super::{Level, Message, Messages};

/// The variable `messages`: those to show, which are then gone; and `DEFAULT_MESSAGE_LEVELS`.
///
/// A template that mentions `messages` but does not go through them leaves them for the next page.
///
/// # Django
/// `django.contrib.messages.context_processors.messages`.
#[derive(Debug, Clone, Copy, Default)]
pub struct MessagesContext;

impl ContextProcessor for MessagesContext {
    fn names(&self) -> &'static [&'static str] {
        &["messages", "DEFAULT_MESSAGE_LEVELS"]
    }

    fn load<'a>(
        &'a self,
        req: &'a RequestInfo,
    ) -> BoxFuture<'a, Result<Vec<(&'static str, Value<'static>)>>> {
        Box::pin(async move {
            let mut variables = vec![("DEFAULT_MESSAGE_LEVELS", Value::object(DefaultLevels))];
            if let Some(messages) = req.extension::<Messages>() {
                let shown = messages
                    .peek()
                    .await?
                    .into_iter()
                    .map(|message| Shown {
                        level_tag: messages.level_tag(message.level).to_owned(),
                        message,
                    })
                    .collect();
                let list = MessageList {
                    messages: messages.clone(),
                    shown,
                };
                variables.push(("messages", Value::object(list)));
            }
            Ok(variables)
        })
    }
}

/// The messages of a page; going through them marks them as shown.
struct MessageList {
    messages: Messages,
    shown: Vec<Shown>,
}

impl Object for MessageList {
    fn iterate(&self) -> Option<Items<'_>> {
        self.messages.mark_shown();
        Some(Box::new(
            self.shown.iter().map(|shown| Value::Object(shown)),
        ))
    }

    fn index(&self, index: usize) -> Option<Value<'_>> {
        self.messages.mark_shown();
        Some(Value::Object(self.shown.get(index)?))
    }

    fn len(&self) -> Option<usize> {
        Some(self.shown.len())
    }
}

struct Shown {
    message: Message,
    level_tag: String,
}

impl Object for Shown {
    fn attr(&self, name: &str) -> Option<Value<'_>> {
        let extra = self.message.extra_tags.as_deref().unwrap_or_default();
        Some(match name {
            "message" if self.message.safe => Value::Safe(self.message.text.as_str().into()),
            "message" => Value::from(self.message.text.as_str()),
            "level" => Value::from(i64::from(self.message.level.0)),
            "level_tag" => Value::from(self.level_tag.as_str()),
            "extra_tags" => self
                .message
                .extra_tags
                .as_deref()
                .map_or(Value::None, Value::from),
            "tags" => {
                let words = [extra, &self.level_tag];
                let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
                Value::from(words.join(" "))
            }
            _ => return None,
        })
    }

    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        out.write_str(&self.message.text)
    }

    fn is_safe(&self) -> bool {
        self.message.safe
    }
}

const LEVELS: [(&str, Level); 5] = [
    ("DEBUG", Level::DEBUG),
    ("INFO", Level::INFO),
    ("SUCCESS", Level::SUCCESS),
    ("WARNING", Level::WARNING),
    ("ERROR", Level::ERROR),
];

/// `DEFAULT_MESSAGE_LEVELS.ERROR`, to compare levels with.
struct DefaultLevels;

impl Object for DefaultLevels {
    fn kind(&self) -> Kind {
        Kind::Map
    }

    fn attr(&self, name: &str) -> Option<Value<'_>> {
        let (_, level) = LEVELS.iter().find(|(known, _)| *known == name)?;
        Some(Value::from(i64::from(level.0)))
    }

    fn iterate(&self) -> Option<Items<'_>> {
        Some(Box::new(LEVELS.iter().map(|(name, _)| Value::from(*name))))
    }

    fn entries(&self) -> Option<Entries<'_>> {
        let pair = |(name, level): &(&'static str, Level)| {
            (Value::from(*name), Value::from(i64::from(level.0)))
        };
        Some(Box::new(LEVELS.iter().map(pair)))
    }

    fn len(&self) -> Option<usize> {
        Some(LEVELS.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_levels_are_a_dictionary() {
        let levels = Value::object(DefaultLevels);
        assert_eq!(
            levels.to_text(),
            "{'DEBUG': 10, 'INFO': 20, 'SUCCESS': 25, 'WARNING': 30, 'ERROR': 40}"
        );
        assert_eq!(DefaultLevels.attr("ERROR").unwrap().to_text(), "40");
    }

    #[test]
    fn words_that_are_not_there_are_none_as_in_django() {
        let shown = |message: Message| Shown {
            level_tag: "info".to_owned(),
            message,
        };
        let text = |shown: &Shown, name: &str| shown.attr(name).unwrap().to_text().into_owned();
        let bare = shown(Message::new(Level::INFO, "a").without_extra_tags());
        assert_eq!(
            (text(&bare, "extra_tags"), text(&bare, "tags")),
            ("None".into(), "info".into())
        );
        let tagged = shown(Message::new(Level::INFO, "a").extra_tags("b c"));
        assert_eq!(
            (text(&tagged, "extra_tags"), text(&tagged, "tags")),
            ("b c".into(), "b c info".into())
        );
    }
}
