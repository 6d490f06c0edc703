//! How much is ordered at each kitchen at present: an exponential average of what was ordered today.

/// Memory of the demand, in minutes.
const MEMORY: f64 = 60.0;

/// Orders an hour at each kitchen.
#[derive(Clone, Debug)]
pub struct Demand {
    hourly: Vec<f64>,
}

impl Demand {
    /// No orders yet, at so many kitchens.
    pub fn new(pickups: usize) -> Self {
        Self { hourly: vec![0.0; pickups] }
    }

    /// Lets minutes pass.
    pub fn pass(&mut self, minutes: f64) {
        let kept = (-minutes / MEMORY).exp();
        for hourly in &mut self.hourly {
            *hourly *= kept;
        }
    }

    /// An order was placed.
    pub fn add(&mut self, pickup: usize) {
        if let Some(hourly) = self.hourly.get_mut(pickup) {
            *hourly += 60.0 / MEMORY;
        }
    }

    /// Orders an hour at a kitchen.
    pub fn hourly(&self, pickup: usize) -> f64 {
        self.hourly.get(pickup).copied().unwrap_or_default()
    }
}
