//! What every engine does: one suite over all of them, attacks included (their ids are the catalogue's).

mod devices;
mod ending;
mod foreign;
mod index;
mod keys;
mod meanwhile;
#[cfg(unix)]
mod private;
mod spy;
mod values;

use nuages_sessions::{Session, Sessions};

const PLANTED: &str = "0123456789abcdefghijklmnopqrstuv";

async fn stored(sessions: &Sessions, values: &[(&str, &str)]) -> String {
    let session = sessions.open(None);
    for (name, value) in values {
        session.set(name, value).await.unwrap();
    }
    session.save().await.unwrap();
    key(&session)
}

fn key(session: &Session) -> String {
    session.session_key().unwrap().to_string()
}

async fn text(session: &Session, name: &str) -> Option<String> {
    session.get(name).await.unwrap()
}
