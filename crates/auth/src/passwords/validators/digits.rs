//! Which characters are digits.
//!
//! Unicode calls more characters digits than ten of each script: superscripts and circled figures too, but not fractions, Roman numerals or the circled ten.
//! The lists hold what Python's `str.isdigit` says with Unicode 15.1.

/// Where the runs of ten digits begin.
const TENS: [u32; 68] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66,
    0xde6, 0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90,
    0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0x2080, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0,
    0xff10, 0x1_04a0, 0x1_0d30, 0x1_1066, 0x1_10f0, 0x1_1136, 0x1_11d0, 0x1_12f0, 0x1_1450,
    0x1_14d0, 0x1_1650, 0x1_16c0, 0x1_1730, 0x1_18e0, 0x1_1950, 0x1_1c50, 0x1_1d50, 0x1_1da0,
    0x1_6a60, 0x1_6ac0, 0x1_6b50, 0x1_d7ce, 0x1_d7d8, 0x1_d7e2, 0x1_d7ec, 0x1_d7f6, 0x1_e140,
    0x1_e2f0, 0x1_e950, 0x1_f100, 0x1_fbf0,
];

/// Where shorter runs begin, and how long they are.
const RUNS: [(u32, u32); 19] = [
    (0xb2, 2),
    (0xb9, 1),
    (0x1369, 9),
    (0x19da, 1),
    (0x2070, 1),
    (0x2074, 6),
    (0x2460, 9),
    (0x2474, 9),
    (0x2488, 9),
    (0x24ea, 1),
    (0x24f5, 9),
    (0x24ff, 1),
    (0x2776, 9),
    (0x2780, 9),
    (0x278a, 9),
    (0x1_0a40, 4),
    (0x1_0e60, 9),
    (0x1_1052, 9),
    (0x1_f10a, 1),
];

/// True for a character with the Unicode property Numeric_Type=Decimal or Digit.
pub(super) fn is_digit(char: char) -> bool {
    if char.is_ascii() {
        return char.is_ascii_digit();
    }
    let code = u32::from(char);
    let within = |start: u32, length: u32| (start..start + length).contains(&code);
    TENS.iter().any(|&start| within(start, 10))
        || RUNS.iter().any(|&(start, length)| within(start, length))
}
