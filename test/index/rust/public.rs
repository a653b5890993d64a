pub trait Shape {
    const SIDES: u32 = 0;
    fn area(&self) -> u32 { measure::<u32>() }
}

struct Cell;

impl Shape for Cell {
    fn area(&self) -> u32 { Table::<u32>::open() }
}

impl Cell {
    fn hidden(&self) {}
}
