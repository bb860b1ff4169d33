//! Reads a pickle that makes data and nothing else.
//!
//! The machine has Python's stack and memo, but what lies there are numbers of nodes in one arena: a node of text is a
//! range of the input. So a hostile pickle costs a few bytes an opcode, and what is shared or refers to itself shows when
//! the tree is built, where depth and size are counted.

use super::{DEPTH, VALUES, op};
use crate::{Error, Result, Value};

/// What a pickle may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Its length in bytes.
    pub bytes: usize,
    /// How many bytes more than its own length texts may take that are shared, counted each time.
    pub shared: usize,
    /// How many values it may make, those that are shared counted each time.
    pub values: usize,
    /// How deep they may be nested.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 64 * 1024 * 1024,
            shared: 1024 * 1024,
            values: VALUES,
            depth: DEPTH,
        }
    }
}

/// The value of a pickle, whose bytes all belong to it.
///
/// # Errors
/// When the bytes are damaged, make anything but plain data, or go beyond [`Limits`].
pub fn loads(bytes: &[u8]) -> Result<Value> {
    loads_with(bytes, Limits::default())
}

/// As [`loads`], with limits of one's own.
///
/// # Errors
/// As [`loads`].
pub fn loads_with(bytes: &[u8], limits: Limits) -> Result<Value> {
    Machine::new(bytes, limits).run().map(|(value, _)| value)
}

/// The value of the pickle at the beginning, and how many bytes it took.
///
/// # Errors
/// As [`loads`].
pub fn loads_prefix(bytes: &[u8]) -> Result<(Value, usize)> {
    Machine::new(bytes, Limits::default()).run()
}

type Id = u32;

/// One value that was made; text and bytes are ranges of the input.
#[derive(Clone, Copy)]
enum Node {
    None,
    Bool(bool),
    Int(i32),
    Long(u32, u32),
    Float(u32),
    Str(u32, u32),
    Bytes(u32, u32),
    /// The number of its items' list, and what it is.
    Items(u32, Kind),
}

/// The items of one value: the first and the last of them among all cells.
#[derive(Clone, Copy)]
struct Items {
    first: u32,
    last: u32,
    count: u32,
}

/// An item, and the cell of the next one of the same value.
struct Cell {
    id: Id,
    next: u32,
}

/// The cell of no item.
const NO_CELL: u32 = u32::MAX;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    List,
    Tuple,
    Dict,
    Set,
    FrozenSet,
}

struct Machine<'a> {
    input: &'a [u8],
    at: usize,
    limits: Limits,
    nodes: Vec<Node>,
    items: Vec<Items>,
    cells: Vec<Cell>,
    stack: Vec<Id>,
    marks: Vec<usize>,
    memo: Vec<Option<Id>>,
    built: usize,
    spent: usize,
}

impl<'a> Machine<'a> {
    fn new(input: &'a [u8], limits: Limits) -> Self {
        Self {
            input,
            at: 0,
            limits,
            nodes: Vec::new(),
            items: Vec::new(),
            cells: Vec::new(),
            stack: Vec::new(),
            marks: Vec::new(),
            memo: Vec::new(),
            built: 0,
            spent: 0,
        }
    }

    fn run(mut self) -> Result<(Value, usize)> {
        if self.input.len() > self.limits.bytes || u32::try_from(self.input.len()).is_err() {
            return Err(Error::decode("a pickle too long"));
        }
        if self.byte()? != op::PROTO || !(2..=5).contains(&self.byte()?) {
            return Err(Error::decode("no pickle of protocol 2 to 5"));
        }
        loop {
            match self.byte()? {
                op::STOP => break,
                opcode => self.step(opcode)?,
            }
        }
        let [root] = self.stack[..] else {
            return Err(Error::decode("a pickle without its one value"));
        };
        if !self.marks.is_empty() {
            return Err(Error::decode("a pickle that ends early"));
        }
        let value = self.build(root, 0)?;
        Ok((value, self.at))
    }

    fn step(&mut self, opcode: u8) -> Result<()> {
        match opcode {
            op::FRAME => self.take(8).map(drop)?,
            op::MARK => self.mark()?,
            op::NONE => self.push(Node::None)?,
            op::NEWTRUE => self.push(Node::Bool(true))?,
            op::NEWFALSE => self.push(Node::Bool(false))?,
            op::BININT1 => {
                let number = self.byte()?;
                self.push(Node::Int(number.into()))?;
            }
            op::BININT2 => {
                let number = u16::from_le_bytes(self.array()?);
                self.push(Node::Int(number.into()))?;
            }
            op::BININT => {
                let number = i32::from_le_bytes(self.array()?);
                self.push(Node::Int(number))?;
            }
            op::LONG1 => {
                let size = usize::from(self.byte()?);
                let (start, end) = self.range(size)?;
                self.push(Node::Long(start, end))?;
            }
            op::LONG4 => {
                let size = i32::from_le_bytes(self.array()?);
                let size = usize::try_from(size).map_err(|_| damaged())?;
                let (start, end) = self.range(size)?;
                self.push(Node::Long(start, end))?;
            }
            op::BINFLOAT => {
                let (start, _) = self.range(8)?;
                self.push(Node::Float(start))?;
            }
            op::SHORT_BINUNICODE | op::BINUNICODE | op::BINUNICODE8 => {
                let size = self.size(opcode, op::SHORT_BINUNICODE, op::BINUNICODE)?;
                let (start, end) = self.range(size)?;
                // Lone surrogates, which Python writes as they are, are refused here.
                let text = &self.input[start as usize..end as usize];
                std::str::from_utf8(text).map_err(|_| Error::decode("text that is not UTF-8"))?;
                self.push(Node::Str(start, end))?;
            }
            op::SHORT_BINBYTES | op::BINBYTES | op::BINBYTES8 | op::BYTEARRAY8 => {
                let size = self.size(opcode, op::SHORT_BINBYTES, op::BINBYTES)?;
                let (start, end) = self.range(size)?;
                self.push(Node::Bytes(start, end))?;
            }
            op::EMPTY_LIST => self.collection(&[], Kind::List)?,
            op::EMPTY_TUPLE => self.collection(&[], Kind::Tuple)?,
            op::EMPTY_DICT => self.collection(&[], Kind::Dict)?,
            op::EMPTY_SET => self.collection(&[], Kind::Set)?,
            op::TUPLE1 | op::TUPLE2 | op::TUPLE3 => {
                let count = usize::from(opcode - op::TUPLE1) + 1;
                let start = self.floor(count)?;
                let items = self.stack.split_off(start);
                self.collection(&items, Kind::Tuple)?;
            }
            op::TUPLE => {
                let items = self.pop_mark()?;
                self.collection(&items, Kind::Tuple)?;
            }
            op::FROZENSET => {
                let items = self.pop_mark()?;
                self.collection(&items, Kind::FrozenSet)?;
            }
            op::APPEND => {
                let start = self.floor(1)?;
                let items = self.stack.split_off(start);
                self.extend(&items, Kind::List)?;
            }
            op::APPENDS => {
                let items = self.pop_mark()?;
                self.extend(&items, Kind::List)?;
            }
            op::ADDITEMS => {
                let items = self.pop_mark()?;
                self.extend(&items, Kind::Set)?;
            }
            op::SETITEM => {
                let start = self.floor(2)?;
                let items = self.stack.split_off(start);
                self.extend(&items, Kind::Dict)?;
            }
            op::SETITEMS => {
                let items = self.pop_mark()?;
                if items.len() % 2 != 0 {
                    return Err(damaged());
                }
                self.extend(&items, Kind::Dict)?;
            }
            op::MEMOIZE => self.put(self.memo.len())?,
            op::BINPUT => {
                let index = usize::from(self.byte()?);
                self.put(index)?;
            }
            op::LONG_BINPUT => {
                let index = u32::from_le_bytes(self.array()?) as usize;
                self.put(index)?;
            }
            op::BINGET => {
                let index = usize::from(self.byte()?);
                self.get(index)?;
            }
            op::LONG_BINGET => {
                let index = u32::from_le_bytes(self.array()?) as usize;
                self.get(index)?;
            }
            _ => return Err(Error::decode("a pickle of more than plain data")),
        }
        Ok(())
    }

    fn take(&mut self, size: usize) -> Result<&'a [u8]> {
        let rest = self.input.get(self.at..).unwrap_or_default();
        let taken = rest.get(..size).ok_or_else(damaged)?;
        self.at += size;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8> {
        self.take(1).map(|taken| taken[0])
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        self.take(N)?.try_into().map_err(|_| damaged())
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "`run` has seen that the input's length fits into 32 bits"
    )]
    fn range(&mut self, size: usize) -> Result<(u32, u32)> {
        self.take(size)?;
        Ok(((self.at - size) as u32, self.at as u32))
    }

    /// The size of a text or of bytes, in one, four or eight bytes.
    fn size(&mut self, opcode: u8, short: u8, middle: u8) -> Result<usize> {
        if opcode == short {
            Ok(usize::from(self.byte()?))
        } else if opcode == middle {
            Ok(u32::from_le_bytes(self.array()?) as usize)
        } else {
            usize::try_from(u64::from_le_bytes(self.array()?)).map_err(|_| damaged())
        }
    }

    fn push(&mut self, node: Node) -> Result<()> {
        if self.nodes.len() >= self.limits.values {
            return Err(Error::decode("a pickle of too many values"));
        }
        let id = Id::try_from(self.nodes.len()).map_err(|_| damaged())?;
        self.nodes.push(node);
        self.push_id(id)
    }

    fn push_id(&mut self, id: Id) -> Result<()> {
        if self.stack.len() >= self.limits.values {
            return Err(Error::decode("a pickle of too many values"));
        }
        self.stack.push(id);
        Ok(())
    }

    fn collection(&mut self, items: &[Id], kind: Kind) -> Result<()> {
        let index = u32::try_from(self.items.len()).map_err(|_| damaged())?;
        self.push(Node::Items(index, kind))?;
        self.items.push(Items {
            first: NO_CELL,
            last: NO_CELL,
            count: 0,
        });
        self.append(index, items)
    }

    /// Puts more items into a value. Those of all values lie in one place, where each costs eight bytes.
    fn append(&mut self, index: u32, more: &[Id]) -> Result<()> {
        if self.cells.len() + more.len() > self.limits.values {
            return Err(Error::decode("a pickle of too many values"));
        }
        let items = &mut self.items[index as usize];
        for id in more {
            let cell = u32::try_from(self.cells.len()).map_err(|_| damaged())?;
            self.cells.push(Cell {
                id: *id,
                next: NO_CELL,
            });
            match self.cells.get_mut(items.last as usize) {
                Some(last) => last.next = cell,
                None => items.first = cell,
            }
            items.last = cell;
            items.count += 1;
        }
        Ok(())
    }

    fn mark(&mut self) -> Result<()> {
        if self.marks.len() >= self.limits.values {
            return Err(Error::decode("a pickle of too many values"));
        }
        self.marks.push(self.stack.len());
        Ok(())
    }

    /// Where the topmost `count` values begin; none of them may lie below the mark.
    fn floor(&self, count: usize) -> Result<usize> {
        let start = self.stack.len().checked_sub(count).ok_or_else(damaged)?;
        let bottom = self.marks.last().copied().unwrap_or_default();
        (start >= bottom).then_some(start).ok_or_else(damaged)
    }

    fn pop_mark(&mut self) -> Result<Vec<Id>> {
        let mark = self.marks.pop().ok_or_else(damaged)?;
        if mark > self.stack.len() {
            return Err(damaged());
        }
        Ok(self.stack.split_off(mark))
    }

    fn extend(&mut self, more: &[Id], wanted: Kind) -> Result<()> {
        let top = self.stack.last().copied().ok_or_else(damaged)?;
        match self.nodes[top as usize] {
            Node::Items(index, kind) if kind == wanted => self.append(index, more),
            _ => Err(damaged()),
        }
    }

    fn put(&mut self, index: usize) -> Result<()> {
        let top = self.stack.last().copied().ok_or_else(damaged)?;
        // Python numbers the memo without gaps.
        if index > self.nodes.len() {
            return Err(damaged());
        }
        if index >= self.memo.len() {
            self.memo.resize(index + 1, None);
        }
        self.memo[index] = Some(top);
        Ok(())
    }

    fn get(&mut self, index: usize) -> Result<()> {
        let id = self
            .memo
            .get(index)
            .copied()
            .flatten()
            .ok_or_else(damaged)?;
        self.push_id(id)
    }

    /// What is shared costs its whole length each time it is built.
    fn spend(&mut self, bytes: usize) -> Result<()> {
        self.spent = self.spent.saturating_add(bytes);
        if self.spent > self.input.len().saturating_add(self.limits.shared) {
            return Err(Error::decode("a pickle too long"));
        }
        Ok(())
    }

    fn build(&mut self, id: Id, depth: usize) -> Result<Value> {
        self.built += 1;
        if self.built > self.limits.values {
            return Err(Error::decode("a pickle of too many values"));
        }
        if depth > self.limits.depth {
            return Err(Error::decode("a pickle nested too deeply"));
        }
        let input = self.input;
        let slice = |start: u32, end: u32| &input[start as usize..end as usize];
        Ok(match self.nodes[id as usize] {
            Node::None => Value::None,
            Node::Bool(value) => Value::Bool(value),
            Node::Int(number) => Value::Int(number.into()),
            Node::Long(start, end) => Value::of_le_bytes(slice(start, end)),
            Node::Float(start) => {
                let bytes = slice(start, start + 8);
                Value::Float(f64::from_be_bytes(bytes.try_into().map_err(|_| damaged())?))
            }
            Node::Str(start, end) => {
                let bytes = slice(start, end);
                self.spend(bytes.len())?;
                Value::Str(String::from_utf8(bytes.to_vec()).map_err(|_| damaged())?)
            }
            Node::Bytes(start, end) => {
                let bytes = slice(start, end);
                self.spend(bytes.len())?;
                Value::Bytes(bytes.to_vec())
            }
            Node::Items(index, kind) => {
                let Items { first, count, .. } = self.items[index as usize];
                let room = self.limits.values.saturating_sub(self.built);
                let mut items = Vec::with_capacity(room.min(count as usize));
                let mut next = first;
                while let Some(Cell { id, next: after }) = self.cells.get(next as usize) {
                    let id = *id;
                    next = *after;
                    items.push(self.build(id, depth + 1)?);
                }
                match kind {
                    Kind::List => Value::List(items),
                    Kind::Tuple => Value::Tuple(items),
                    Kind::Set => Value::Set(items),
                    Kind::FrozenSet => Value::FrozenSet(items),
                    Kind::Dict => Value::Dict(pairs(items)),
                }
            }
        })
    }
}

/// Keys and values in turn.
fn pairs(items: Vec<Value>) -> Vec<(Value, Value)> {
    let mut entries = Vec::with_capacity(items.len() / 2);
    let mut items = items.into_iter();
    while let (Some(key), Some(value)) = (items.next(), items.next()) {
        entries.push((key, value));
    }
    entries
}

#[cold]
fn damaged() -> Error {
    Error::decode("a damaged pickle")
}
