//! `Script`: whether one is in a string of a script.

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Code,
    /// In a string that this byte ends.
    String(u8),
    /// Behind `//`.
    Line,
    /// Behind `/*`.
    Block,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Script {
    state: State,
    /// The byte before, unless it has done its work.
    before: u8,
}

impl Script {
    pub(super) fn byte(&mut self, byte: u8) {
        let before = std::mem::replace(&mut self.before, byte);
        self.state = match (self.state, byte) {
            (State::Code, b'"' | b'\'' | b'`') => State::String(byte),
            (State::Code, b'/') if before == b'/' => State::Line,
            (State::Code, b'*') if before == b'/' => {
                self.before = 0;
                State::Block
            }
            (State::String(_), _) if before == b'\\' => {
                self.before = 0;
                self.state
            }
            (State::String(quote), _) if byte == quote => State::Code,
            // A string that is not ended ends with its line.
            (State::String(b'"' | b'\'') | State::Line, b'\n') => State::Code,
            (State::Block, b'/') if before == b'*' => State::Code,
            (state, _) => state,
        };
    }

    /// In a string in which `escapejs` is enough: not in one of backticks, where `${` begins code.
    pub(super) fn is_quoted(&self) -> bool {
        matches!(self.state, State::String(b'"' | b'\''))
    }
}
