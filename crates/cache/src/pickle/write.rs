//! Writes a pickle of protocol 4.

use super::{DEPTH, VALUES, op};
use crate::{Error, Result, Value};

/// A value as a pickle.
///
/// # Errors
/// When it is nested too deeply or consists of too many values to be read again.
pub fn dumps(value: &Value) -> Result<Vec<u8>> {
    let mut writer = Writer {
        out: vec![op::PROTO, 4],
        values: 0,
    };
    writer.value(value, 0)?;
    writer.out.push(op::STOP);
    Ok(writer.out)
}

struct Writer {
    out: Vec<u8>,
    values: usize,
}

impl Writer {
    fn value(&mut self, value: &Value, depth: usize) -> Result<()> {
        if depth > DEPTH {
            return Err(Error::encode("it is nested too deeply"));
        }
        self.values += 1;
        if self.values > VALUES {
            return Err(Error::encode("it consists of too many values"));
        }
        match value {
            Value::None => self.out.push(op::NONE),
            Value::Bool(true) => self.out.push(op::NEWTRUE),
            Value::Bool(false) => self.out.push(op::NEWFALSE),
            Value::Int(number) => self.int(*number),
            Value::Long(bytes) => self.long(bytes)?,
            Value::Float(number) => {
                self.out.push(op::BINFLOAT);
                self.out.extend(number.to_be_bytes());
            }
            Value::Str(text) => self.sized(
                text.as_bytes(),
                (op::SHORT_BINUNICODE, op::BINUNICODE, op::BINUNICODE8),
            ),
            Value::Bytes(bytes) => {
                self.sized(bytes, (op::SHORT_BINBYTES, op::BINBYTES, op::BINBYTES8));
            }
            Value::List(items) => {
                self.out.push(op::EMPTY_LIST);
                self.marked(items, op::APPENDS, depth)?;
            }
            Value::Tuple(items) => self.tuple(items, depth)?,
            Value::Dict(entries) => {
                self.out.push(op::EMPTY_DICT);
                if !entries.is_empty() {
                    self.out.push(op::MARK);
                    for (key, value) in entries {
                        self.value(key, depth + 1)?;
                        self.value(value, depth + 1)?;
                    }
                    self.out.push(op::SETITEMS);
                }
            }
            Value::Set(items) => {
                self.out.push(op::EMPTY_SET);
                self.marked(items, op::ADDITEMS, depth)?;
            }
            Value::FrozenSet(items) => {
                self.out.push(op::MARK);
                for item in items {
                    self.value(item, depth + 1)?;
                }
                self.out.push(op::FROZENSET);
            }
        }
        Ok(())
    }

    fn int(&mut self, number: i64) {
        if let Ok(small) = u8::try_from(number) {
            self.out.extend([op::BININT1, small]);
        } else if let Ok(small) = u16::try_from(number) {
            self.out.push(op::BININT2);
            self.out.extend(small.to_le_bytes());
        } else if let Ok(small) = i32::try_from(number) {
            self.out.push(op::BININT);
            self.out.extend(small.to_le_bytes());
        } else {
            self.out.extend([op::LONG1, 8]);
            self.out.extend(number.to_le_bytes());
        }
    }

    fn long(&mut self, bytes: &[u8]) -> Result<()> {
        if let Ok(size) = u8::try_from(bytes.len()) {
            self.out.extend([op::LONG1, size]);
        } else {
            let size = i32::try_from(bytes.len()).map_err(|_| Error::encode("a number too big"))?;
            self.out.push(op::LONG4);
            self.out.extend(size.to_le_bytes());
        }
        self.out.extend(bytes);
        Ok(())
    }

    fn sized(&mut self, bytes: &[u8], (short, middle, long): (u8, u8, u8)) {
        if let Ok(size) = u8::try_from(bytes.len()) {
            self.out.extend([short, size]);
        } else if let Ok(size) = u32::try_from(bytes.len()) {
            self.out.push(middle);
            self.out.extend(size.to_le_bytes());
        } else {
            self.out.push(long);
            self.out.extend((bytes.len() as u64).to_le_bytes());
        }
        self.out.extend(bytes);
    }

    fn marked(&mut self, items: &[Value], end: u8, depth: usize) -> Result<()> {
        if items.is_empty() {
            return Ok(());
        }
        self.out.push(op::MARK);
        for item in items {
            self.value(item, depth + 1)?;
        }
        self.out.push(end);
        Ok(())
    }

    fn tuple(&mut self, items: &[Value], depth: usize) -> Result<()> {
        let end = match items.len() {
            0 => op::EMPTY_TUPLE,
            1 => op::TUPLE1,
            2 => op::TUPLE2,
            3 => op::TUPLE3,
            _ => {
                self.out.push(op::MARK);
                op::TUPLE
            }
        };
        for item in items {
            self.value(item, depth + 1)?;
        }
        self.out.push(end);
        Ok(())
    }
}
