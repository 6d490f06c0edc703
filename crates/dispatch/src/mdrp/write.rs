//! Writes a solution as the benchmark's own evaluator reads it: three text files in one folder.

use std::{
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    instance::Instance,
    solution::{Solution, Stop},
};

/// Who picks up what, and when that was decided.
const ASSIGNMENTS: &str = "solution_info_assignments.txt";
/// What became of each order.
const ORDERS: &str = "solution_info_orders.txt";
/// Where each courier drove.
const COURIERS: &str = "solution_info_couriers.txt";

/// Writes a solution. A name with an ending is the file of the assignments, and the other two are put beside it under their
/// own names; anything else is a folder for all three. Answers the three paths.
pub fn write(instance: &Instance, solution: &Solution, target: &Path) -> io::Result<[PathBuf; 3]> {
    let is_file = !target.is_dir() && target.extension().is_some();
    let folder = if is_file { target.parent().unwrap_or(Path::new("")) } else { target };
    if !folder.as_os_str().is_empty() {
        fs::create_dir_all(folder)?;
    }
    let first = if is_file { target.to_owned() } else { folder.join(ASSIGNMENTS) };
    let paths = [first, folder.join(ORDERS), folder.join(COURIERS)];
    let texts = [assignments(instance, solution), orders(instance, solution), couriers(instance, solution)];
    for (path, text) in paths.iter().zip(texts) {
        fs::write(path, text)?;
    }
    Ok(paths)
}

fn assignments(instance: &Instance, solution: &Solution) -> String {
    let mut text = "assignment_time pickup_time courier orders\n".to_owned();
    for it in &solution.assignments {
        let courier = &instance.couriers[it.courier].name;
        let names: Vec<_> = it.orders.iter().map(|order| instance.orders[*order].name.as_str()).collect();
        line(&mut text, format_args!("{} {} {courier} {}", it.assigned_at, it.pickup_at, names.join(" ")));
    }
    text
}

fn orders(instance: &Instance, solution: &Solution) -> String {
    let mut text = "order placement_time restaurant ready_time pickup_time dropoff_time courier\n".to_owned();
    for (order, delivery) in instance.orders.iter().zip(&solution.deliveries) {
        let restaurant = &instance.restaurants[order.restaurant].name;
        let head = format!("{} {} {restaurant} {}", order.name, order.placed_at, order.ready_at);
        match delivery {
            Some(it) => {
                let courier = &instance.couriers[it.courier].name;
                line(&mut text, format_args!("{head} {} {} {courier}", it.pickup_at, it.dropoff_at));
            }
            None => line(&mut text, format_args!("{head} none none none")),
        }
    }
    text
}

fn couriers(instance: &Instance, solution: &Solution) -> String {
    let mut text = "courier departure_time origin destination\n".to_owned();
    let name = |stop| match stop {
        Stop::Start => "0",
        Stop::Restaurant(number) => &instance.restaurants[number].name,
        Stop::Door(number) => &instance.orders[number].name,
    };
    for (courier, legs) in instance.couriers.iter().zip(&solution.legs) {
        for leg in legs {
            let (from, to) = (name(leg.from), name(leg.to));
            line(&mut text, format_args!("{} {} {from} {to}", courier.name, leg.departs_at));
        }
    }
    text
}

fn line(text: &mut String, content: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{content}");
}
