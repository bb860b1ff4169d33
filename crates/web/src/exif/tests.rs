//! The reader against what cameras write, and against what nobody should.

use proptest::prelude::*;

use super::*;

const SYDNEY: (f64, f64) = (151.215, -(33.0 + 51.0 / 60.0 + 24.0 / 3600.0));

/// A header as cameras write it: a list with the place of the positions, and the positions.
#[derive(Clone)]
struct Photo {
    big: bool,
    north: &'static [u8],
    east: &'static [u8],
    latitude: [(u32, u32); 3],
    longitude: [(u32, u32); 3],
    kind: u16,
    count: u32,
}

impl Photo {
    fn new(big: bool) -> Self {
        Self {
            big,
            north: b"S\0\0\0",
            east: b"E\0\0\0",
            latitude: [(33, 1), (51, 1), (2400, 100)],
            longitude: [(151, 1), (12, 1), (54, 1)],
            kind: 5,
            count: 3,
        }
    }

    fn short(&self, number: u16) -> [u8; 2] {
        if self.big {
            number.to_be_bytes()
        } else {
            number.to_le_bytes()
        }
    }

    fn long(&self, number: u32) -> [u8; 4] {
        if self.big {
            number.to_be_bytes()
        } else {
            number.to_le_bytes()
        }
    }

    fn tag(&self, number: u16, kind: u16, count: u32, value: [u8; 4]) -> Vec<u8> {
        let words = [self.short(number), self.short(kind)].concat();
        [words, self.long(count).to_vec(), value.to_vec()].concat()
    }

    fn text(&self, number: u16, text: &[u8]) -> Vec<u8> {
        let mut value = [0; 4];
        value[..text.len().min(4)].copy_from_slice(&text[..text.len().min(4)]);
        self.tag(number, 2, 2, value)
    }

    fn tiff(&self) -> Vec<u8> {
        let mut bytes = if self.big {
            b"MM\0*".to_vec()
        } else {
            b"II*\0".to_vec()
        };
        bytes.extend(self.long(8));
        bytes.extend(self.short(2));
        bytes.extend(self.tag(0x0112, 3, 1, [0, 1, 0, 0]));
        bytes.extend(self.tag(0x8825, 4, 1, self.long(38)));
        bytes.extend([0; 4]);
        bytes.extend(self.short(4));
        bytes.extend(self.text(1, self.north));
        bytes.extend(self.tag(2, self.kind, self.count, self.long(92)));
        bytes.extend(self.text(3, self.east));
        bytes.extend(self.tag(4, self.kind, self.count, self.long(116)));
        bytes.extend([0; 4]);
        for (above, below) in self.latitude.into_iter().chain(self.longitude) {
            bytes.extend(self.long(above));
            bytes.extend(self.long(below));
        }
        bytes
    }

    fn jpeg(&self) -> Vec<u8> {
        let tiff = self.tiff();
        let mut bytes = b"\xff\xd8\xff\xfe\0\x06note\xff\xe1".to_vec();
        bytes.extend(u16::try_from(tiff.len() + 8).unwrap().to_be_bytes());
        bytes.extend(b"Exif\0\0");
        bytes.extend(tiff);
        bytes.extend(b"\xff\xda");
        bytes
    }

    fn png(&self) -> Vec<u8> {
        let tiff = self.tiff();
        let mut bytes =
            b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0crc!".to_vec();
        bytes.extend(u32::try_from(tiff.len()).unwrap().to_be_bytes());
        bytes.extend(b"eXIf");
        bytes.extend(tiff);
        bytes.extend(b"crc!\0\0\0\0IENDcrc!");
        bytes
    }

    fn webp(&self) -> Vec<u8> {
        let tiff = self.tiff();
        let mut body = b"WEBPVP8 \x05\0\0\0abcde\0EXIF".to_vec();
        body.extend(u32::try_from(tiff.len()).unwrap().to_le_bytes());
        body.extend(tiff);
        let mut bytes = b"RIFF".to_vec();
        bytes.extend(u32::try_from(body.len()).unwrap().to_le_bytes());
        bytes.extend(body);
        bytes
    }

    fn all(&self) -> [Vec<u8>; 4] {
        [self.tiff(), self.jpeg(), self.png(), self.webp()]
    }
}

fn is_at(found: Option<(f64, f64)>, place: (f64, f64)) -> bool {
    found.is_some_and(|found| (found.0 - place.0).abs() < 1e-9 && (found.1 - place.1).abs() < 1e-9)
}

#[test]
fn u13_a_position_is_found_in_every_kind_of_image() {
    for big in [false, true] {
        for image in Photo::new(big).all() {
            assert!(is_at(gps_from_exif(&image).unwrap(), SYDNEY), "{image:?}");
        }
    }
    let west = Photo {
        east: b"W\0\0\0",
        north: b"N\0\0\0",
        ..Photo::new(true)
    };
    assert!(is_at(
        gps_from_exif(&west.jpeg()).unwrap(),
        (-SYDNEY.0, -SYDNEY.1)
    ));
}

#[test]
fn u13_no_position_is_none_and_by_default_the_seed_s_zero() {
    let mut photo = Photo::new(true).tiff();
    // Another tag than the place of the position.
    photo[22..24].copy_from_slice(b"\x87\x69");
    for image in [
        &photo[..],
        b"",
        b"GIF89a",
        b"no image",
        b"\xff\xd8\xff\xda",
        b"\xff\xd8\xff\xe0\0\x02\xff\xd9",
        b"\x89PNG\r\n\x1a\n\0\0\0\0IENDcrc!",
        b"RIFF\x04\0\0\0WEBP",
    ] {
        let found = gps_from_exif(image).unwrap();
        assert_eq!(found, None, "{image:?}");
        assert_eq!(found.unwrap_or_default(), (0.0, 0.0));
    }
}

#[test]
fn u13_what_is_no_position_is_an_error_and_never_another_place() {
    let usual = || Photo::new(true);
    let nan = (0, 0);
    let hostile = [
        (
            "0/0",
            Photo {
                latitude: [nan, (51, 1), (24, 1)],
                ..usual()
            },
        ),
        (
            "1/0",
            Photo {
                latitude: [(33, 1), (51, 1), (1, 0)],
                ..usual()
            },
        ),
        (
            "91",
            Photo {
                latitude: [(91, 1), (0, 1), (0, 1)],
                ..usual()
            },
        ),
        (
            "90 and a second",
            Photo {
                latitude: [(90, 1), (0, 1), (1, 1)],
                ..usual()
            },
        ),
        (
            "181",
            Photo {
                longitude: [(181, 1), (0, 1), (0, 1)],
                ..usual()
            },
        ),
        (
            "61 minutes",
            Photo {
                longitude: [(1, 1), (61, 1), (0, 1)],
                ..usual()
            },
        ),
        (
            "3601 seconds",
            Photo {
                longitude: [(1, 1), (0, 1), (3601, 1)],
                ..usual()
            },
        ),
        (
            "four thousand millions",
            Photo {
                longitude: [(u32::MAX, 1), (0, 1), (0, 1)],
                ..usual()
            },
        ),
        (
            "X",
            Photo {
                north: b"X\0\0\0",
                ..usual()
            },
        ),
        (
            "E for N",
            Photo {
                north: b"E\0\0\0",
                ..usual()
            },
        ),
        (
            "no letter",
            Photo {
                east: b"\0\0\0\0",
                ..usual()
            },
        ),
        (
            "two letters",
            Photo {
                east: b"EW\0\0",
                ..usual()
            },
        ),
        (
            "2^31 fractions",
            Photo {
                count: 1 << 31,
                ..usual()
            },
        ),
        (
            "2^32-1 fractions",
            Photo {
                count: u32::MAX,
                ..usual()
            },
        ),
        (
            "two fractions",
            Photo {
                count: 2,
                ..usual()
            },
        ),
        (
            "doubles, which may be NaN",
            Photo {
                kind: 12,
                ..usual()
            },
        ),
        (
            "signed fractions",
            Photo {
                kind: 10,
                ..usual()
            },
        ),
    ];
    for (name, photo) in hostile {
        for image in photo.all() {
            let found = gps_from_exif(&image);
            assert!(
                matches!(found, Err(ExifError::Invalid(_))),
                "{name}: {found:?}"
            );
        }
    }
    // Ninety degrees are a pole.
    let pole = Photo {
        latitude: [(89, 1), (59, 1), (60, 1)],
        ..usual()
    };
    assert!(is_at(
        gps_from_exif(&pole.png()).unwrap(),
        (SYDNEY.0, -90.0)
    ));
}

#[test]
fn u13_lists_that_lead_nowhere_are_an_error() {
    let change = |at: usize, bytes: &[u8]| {
        let mut photo = Photo::new(true).tiff();
        photo[at..at + bytes.len()].copy_from_slice(bytes);
        gps_from_exif(&photo)
    };
    for (name, found) in [
        ("a loop", change(30, &8_u32.to_be_bytes())),
        (
            "beyond the end",
            change(30, &4_000_000_000_u32.to_be_bytes()),
        ),
        ("the very end", change(30, &u32::MAX.to_be_bytes())),
        (
            "a first list beyond the end",
            change(4, &u32::MAX.to_be_bytes()),
        ),
        ("65535 tags", change(8, &[0xff, 0xff])),
        ("65535 tags of the position", change(38, &[0xff, 0xff])),
        ("a place that is a text", change(24, &[0, 2])),
        ("two places", change(26, &[0, 0, 0, 2])),
        ("a latitude twice", change(64, &[0, 2])),
        ("no longitude", change(76, &[0, 9])),
        ("no hemisphere", change(40, &[0, 9])),
        (
            "fractions beyond the end",
            change(60, &140_u32.to_be_bytes()),
        ),
    ] {
        assert!(
            matches!(found, Err(ExifError::Invalid(_))),
            "{name}: {found:?}"
        );
    }
    // The list after the first one is not followed, wherever it is.
    assert!(is_at(change(34, &8_u32.to_be_bytes()).unwrap(), SYDNEY));
}

#[test]
fn u13_an_image_that_is_cut_off_is_none_or_an_error() {
    for image in Photo::new(false).all() {
        for cut in 0..image.len() {
            match gps_from_exif(&image[..cut]) {
                // The position was before the cut.
                Ok(Some(found)) => assert!(is_at(Some(found), SYDNEY), "{cut}"),
                Ok(None) => assert!(cut < 12, "{cut}"),
                Err(error) => assert!(matches!(error, ExifError::Invalid(_)), "{cut}"),
            }
        }
    }
}

#[test]
fn u13_many_segments_and_long_comments_are_passed_quickly() {
    let mut photo = b"\xff\xd8".to_vec();
    for _ in 0..200 {
        photo.extend(b"\xff\xfe\xff\xff");
        photo.extend(vec![b'c'; 65_533]);
    }
    photo.extend(&Photo::new(true).jpeg()[2..]);
    let began = std::time::Instant::now();
    assert!(is_at(gps_from_exif(&photo).unwrap(), SYDNEY));
    // Those that never end are given up.
    let endless = [&b"\xff\xd8"[..], &b"\xff\xfe\0\x02".repeat(2_000_000)].concat();
    assert!(gps_from_exif(&endless).is_err());
    let filling = [&b"\xff\xd8"[..], &vec![0xff; 8_000_000]].concat();
    assert!(gps_from_exif(&filling).is_err());
    let chunks = [
        &b"\x89PNG\r\n\x1a\n"[..],
        &b"\0\0\0\0IDATcrc!".repeat(500_000),
    ]
    .concat();
    assert!(gps_from_exif(&chunks).is_err());
    // Each may take ten milliseconds, on a machine that does nothing else.
    assert!(began.elapsed().as_millis() < 2000);
}

#[tokio::test]
async fn an_upload_on_the_disk_says_the_same() {
    for bytes in Photo::new(true).all() {
        let upload = UploadedFile::of_bytes("a.jpg", "image/jpeg", bytes.clone());
        assert!(is_at(upload.gps().await.unwrap(), SYDNEY));
    }
}

/// Changes that a fuzzer makes, and a number for the next ones.
fn mutate(bytes: &mut Vec<u8>, seed: &mut u64) {
    let mut next = || {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        usize::try_from(*seed & 0xffff_ffff).unwrap()
    };
    for _ in 0..=next() % 6 {
        let (at, byte) = (next() % bytes.len(), next().to_le_bytes()[0]);
        match next() % 8 {
            0 => bytes[at] = 0,
            1 => bytes[at] = 0xff,
            2 => bytes[at] = bytes[at].wrapping_add(1),
            3 => bytes.truncate(at.max(1)),
            4 => bytes.insert(at, byte),
            _ => bytes[at] = byte,
        }
    }
}

#[test]
fn u13_a_million_mutations_are_read_without_a_panic_and_never_lead_off_the_globe() {
    let samples = Photo::new(true)
        .all()
        .into_iter()
        .chain(Photo::new(false).all());
    let samples: Vec<_> = samples.collect();
    let mut seed = 0x9e37_79b9_7f4a_7c15;
    let (mut places, mut errors) = (0_u32, 0_u32);
    for round in 0..1_000_000 {
        let mut image = samples[round % samples.len()].clone();
        mutate(&mut image, &mut seed);
        match gps_from_exif(&image) {
            Ok(Some((longitude, latitude))) => {
                places += 1;
                assert!(longitude.abs() <= 180.0 && latitude.abs() <= 90.0);
            }
            Ok(None) => {}
            Err(_) => errors += 1,
        }
    }
    // It was no walk through noise: many are still photos, and many are broken.
    assert!(places > 100_000 && errors > 100_000, "{places} {errors}");
}

proptest! {
    #[test]
    fn every_position_comes_back(
        latitude in 0_u32..324_000_000,
        longitude in 0_u32..648_000_000,
        big in any::<bool>(),
    ) {
        let parts = |millis: u32| {
            [(millis / 3_600_000, 1), (millis / 60_000 % 60, 1), (millis % 60_000, 1000)]
        };
        let photo = Photo {
            latitude: parts(latitude),
            longitude: parts(longitude),
            ..Photo::new(big)
        };
        let place = (f64::from(longitude) / 3_600_000.0, -f64::from(latitude) / 3_600_000.0);
        prop_assert!(is_at(gps_from_exif(&photo.jpeg()).unwrap(), place));
    }
}
