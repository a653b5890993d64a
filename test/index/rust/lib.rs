use std::io::{self, Read};
use crate::net::client as c;
pub mod shape {
    /// A thing with an area.
    pub trait Area: Debug2 {
        fn area(&self) -> f64;
    }
    pub struct Square(pub f64);
    impl Area for Square {
        fn area(&self) -> f64 { self.0 * scale(SIDE) }
    }
}
const SIDE: u32 = 4;
macro_rules! twice { ($e:expr) => { $e + $e } }
pub(crate) fn run(items: &[Item]) -> Report {
    items.iter().map(c::send::<u8>);
    twice!(helper(2).next());
    shape::Square::new(1.0)
}
#[cfg(test)]
mod tests {
    #[test]
    fn runs() { assert_eq!(run(&[]), 1); }
}
