//! Where commands write: the terminal, or a buffer in a test.

use std::fmt::{self, Display};
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// The terminal as the commands see it: lines out, answers in.
#[derive(Clone)]
pub struct Console {
    out: Arc<Mutex<dyn Write + Send>>,
    interactive: bool,
}

impl Console {
    /// Standard output, with questions asked on the terminal when there is one.
    pub fn terminal() -> Self {
        let interactive = io::IsTerminal::is_terminal(&io::stdin());
        Self {
            out: Arc::new(Mutex::new(io::stdout())),
            interactive,
        }
    }

    /// Writes into `out`, and never asks.
    pub fn capture(out: Arc<Mutex<Vec<u8>>>) -> Self {
        Self {
            out,
            interactive: false,
        }
    }

    /// True when a person can answer.
    pub fn is_interactive(&self) -> bool {
        self.interactive
    }

    /// Writes one line; a closed pipe is no reason to fail.
    pub fn line(&self, text: impl Display) {
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = writeln!(out, "{text}");
        let _ = out.flush();
    }

    /// Asks for a line.
    ///
    /// # Errors
    /// When the terminal goes away.
    pub fn ask(&self, question: &str) -> io::Result<String> {
        {
            let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
            write!(out, "{question}")?;
            out.flush()?;
        }
        let mut answer = String::new();
        if io::stdin().read_line(&mut answer)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(answer.trim_end_matches(['\r', '\n']).to_owned())
    }

    /// Asks for a password without showing it.
    ///
    /// # Errors
    /// When there is no terminal to hide it on.
    pub fn ask_password(&self, question: &str) -> io::Result<String> {
        rpassword::prompt_password(question)
    }
}

impl fmt::Debug for Console {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Console")
            .field("interactive", &self.interactive)
            .finish_non_exhaustive()
    }
}
