//! The flat local plane that the town is drawn on, and a cell grid for "what is near here".
//!
//! A [`Spot`] is metres east and north of the town's centre. Over 6 km the flat plane and the globe differ by less than
//! a metre, so the generator works on spots and converts to degrees once, at the end.

use domain::geo::Point;

const METRES_PER_DEGREE: f64 = 111_195.080;

/// A place on the plane, in metres east (`x`) and north (`y`) of the centre.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Spot {
    pub(super) x: f64,
    pub(super) y: f64,
}

impl Spot {
    pub(super) const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self::new(self.x + other.x, self.y + other.y)
    }

    pub(super) fn minus(self, other: Self) -> Self {
        Self::new(self.x - other.x, self.y - other.y)
    }

    pub(super) fn times(self, factor: f64) -> Self {
        Self::new(self.x * factor, self.y * factor)
    }

    pub(super) fn dot(self, other: Self) -> f64 {
        self.x.mul_add(other.x, self.y * other.y)
    }

    /// Twice the area of the triangle (origin, self, other); positive when `other` lies to the left.
    pub(super) fn cross(self, other: Self) -> f64 {
        self.x * other.y - self.y * other.x
    }

    pub(super) fn length(self) -> f64 {
        self.x.hypot(self.y)
    }

    pub(super) fn distance(self, other: Self) -> f64 {
        self.minus(other).length()
    }

    pub(super) fn towards(self, other: Self, share: f64) -> Self {
        self.plus(other.minus(self).times(share))
    }

    /// The unit vector at `angle` radians, anticlockwise from east.
    pub(super) fn facing(angle: f64) -> Self {
        Self::new(angle.cos(), angle.sin())
    }

    /// The same vector turned a quarter to the left.
    pub(super) const fn left(self) -> Self {
        Self::new(-self.y, self.x)
    }

    /// Where on the segment `a`-`b` this spot comes closest: (share of the way from `a`, the spot there).
    pub(super) fn project_on(self, a: Self, b: Self) -> (f64, Self) {
        let along = b.minus(a);
        let square = along.dot(along);
        if square < f64::EPSILON {
            return (0.0, a);
        }
        let share = (self.minus(a).dot(along) / square).clamp(0.0, 1.0);
        (share, a.towards(b, share))
    }
}

/// Converts between degrees and the plane around `centre`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Projection {
    centre: Point,
    metres_per_lng: f64,
}

impl Projection {
    pub(super) fn around(centre: Point) -> Self {
        Self { centre, metres_per_lng: METRES_PER_DEGREE * centre.lat.to_radians().cos().max(0.01) }
    }

    pub(super) fn spot(&self, point: Point) -> Spot {
        Spot::new(
            (point.lng - self.centre.lng) * self.metres_per_lng,
            (point.lat - self.centre.lat) * METRES_PER_DEGREE,
        )
    }

    pub(super) fn point(&self, spot: Spot) -> Point {
        Point { lat: self.centre.lat + spot.y / METRES_PER_DEGREE, lng: self.centre.lng + spot.x / self.metres_per_lng }
    }
}

/// Square cells over the plane, each with the numbers of the things in it. Spots beyond the edge fall into edge cells.
#[derive(Clone, Debug)]
pub(super) struct CellGrid {
    cell: f64,
    half_width: f64,
    half_height: f64,
    columns: usize,
    cells: Vec<Vec<u32>>,
}

impl CellGrid {
    pub(super) fn new(half_width: f64, half_height: f64, cell: f64) -> Self {
        let columns = whole(2.0 * half_width / cell) + 1;
        let rows = whole(2.0 * half_height / cell) + 1;
        Self { cell, half_width, half_height, columns, cells: vec![Vec::new(); columns * rows] }
    }

    fn column(&self, x: f64) -> usize {
        whole((x + self.half_width) / self.cell).min(self.columns - 1)
    }

    fn row(&self, y: f64) -> usize {
        whole((y + self.half_height) / self.cell).min(self.cells.len() / self.columns - 1)
    }

    pub(super) fn insert(&mut self, spot: Spot, number: u32) {
        let place = self.row(spot.y) * self.columns + self.column(spot.x);
        self.cells[place].push(number);
    }

    /// Puts `number` into every cell that the bounding box of `a`-`b` touches.
    pub(super) fn insert_segment(&mut self, a: Spot, b: Spot, number: u32) {
        for row in self.row(a.y.min(b.y))..=self.row(a.y.max(b.y)) {
            for column in self.column(a.x.min(b.x))..=self.column(a.x.max(b.x)) {
                self.cells[row * self.columns + column].push(number);
            }
        }
    }

    /// Everything in the cells that the box of half side `reach` around `spot` touches; may repeat segment numbers.
    pub(super) fn near(&self, spot: Spot, reach: f64) -> impl Iterator<Item = u32> + '_ {
        let columns = self.column(spot.x - reach)..=self.column(spot.x + reach);
        let rows = self.row(spot.y - reach)..=self.row(spot.y + reach);
        rows.flat_map(move |row| {
            let start = row * self.columns;
            self.cells[start + *columns.start()..=start + *columns.end()].iter().flatten().copied()
        })
    }

    /// A reach that covers the whole plane.
    pub(super) fn full_reach(&self) -> f64 {
        2.0 * (self.half_width + self.half_height)
    }
}

/// The whole part of a number, zero when negative.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to zero, saturates at the top")]
pub(super) fn whole(value: f64) -> usize {
    value.max(0.0) as usize
}

/// A count as a number to calculate with.
#[expect(clippy::cast_precision_loss, reason = "a town has far fewer than 2^52 of anything")]
pub(super) fn real(count: usize) -> f64 {
    count as f64
}

/// An index as the four-byte number the graph is stored in.
#[expect(clippy::cast_possible_truncation, reason = "a town has at most some thousand nodes")]
pub(super) fn number(index: usize) -> u32 {
    index as u32
}

/// Twice the signed area of a polygon; positive when it runs anticlockwise.
pub(super) fn double_area(polygon: &[Spot]) -> f64 {
    let next = polygon.iter().cycle().skip(1);
    polygon.iter().zip(next).map(|(a, b)| a.cross(*b)).sum()
}

/// The centre of mass of the corners; good enough to place a label in a rounded block.
pub(super) fn middle(polygon: &[Spot]) -> Spot {
    let sum = polygon.iter().fold(Spot::default(), |sum, corner| sum.plus(*corner));
    sum.times(1.0 / real(polygon.len().max(1)))
}

/// Leaves out corners that lie within `tolerance` metres of the line without them (Ramer, Douglas and Peucker).
pub(super) fn simplified(line: &[Spot], tolerance: f64) -> Vec<Spot> {
    if line.len() < 3 {
        return line.to_vec();
    }
    let mut keep = vec![false; line.len()];
    keep[0] = true;
    keep[line.len() - 1] = true;
    let mut open = vec![(0, line.len() - 1)];
    while let Some((first, last)) = open.pop() {
        let mut worst = (tolerance, 0);
        for (at, corner) in line.iter().enumerate().take(last).skip(first + 1) {
            let away = corner.distance(corner.project_on(line[first], line[last]).1);
            if away > worst.0 {
                worst = (away, at);
            }
        }
        if worst.1 > 0 {
            keep[worst.1] = true;
            open.push((first, worst.1));
            open.push((worst.1, last));
        }
    }
    line.iter().zip(keep).filter_map(|(corner, kept)| kept.then_some(*corner)).collect()
}
