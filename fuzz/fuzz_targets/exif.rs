//! Photos: whatever their header says, a position that is told is on the globe.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nuages_web::gps_from_exif;

fuzz_target!(|data: &[u8]| {
    // As it came, and as the header of a JPEG.
    let segment = data.get(..usize::from(u16::MAX) - 8).unwrap_or(data);
    let length = u16::try_from(segment.len() + 8).unwrap_or(u16::MAX);
    let photo = [
        b"\xff\xd8\xff\xe1",
        &length.to_be_bytes()[..],
        b"Exif\0\0",
        segment,
    ]
    .concat();
    for image in [data, &photo] {
        if let Ok(Some((longitude, latitude))) = gps_from_exif(image) {
            assert!(longitude.abs() <= 180.0 && latitude.abs() <= 90.0);
        }
    }
});
