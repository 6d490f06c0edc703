//! Measuring on held-out rows: nothing of them may be seen.

#![expect(clippy::unwrap_used, reason = "tests")]

use eta::{
    learn::{Honest, Plan, Settings},
    study::{Scores, Study, StudyError},
    table::{Encoder, Features, Frame, Schema, Table, TableError},
};

fn deliveries(rows: u32) -> Frame {
    let line = |row: u32| {
        let traffic = ["low", "jam", "medium"][row as usize % 3];
        let distance = row % 7;
        let minutes = 15 + distance + if traffic == "jam" { 10 } else { 0 } + row * 31 % 5;
        format!("{traffic},{distance},{minutes}\n")
    };
    let lines = (0..rows).map(line).collect::<Vec<_>>().concat();
    let text = format!("traffic,distance,minutes\n{lines}");
    let table = Table::read(text.as_bytes()).unwrap();
    Frame::read(&table, &Schema::detect(&table, None).unwrap()).unwrap()
}

fn plan() -> Plan {
    let settings = Settings { rounds: 30, learning_rate: 0.2, leaves: 8, patience: 8, ..Settings::default() };
    let pilot = Settings { rounds: 6, ..settings.clone() };
    let honest = Some(Honest { pilot, strictness: 0.8 });
    Plan { parts: 3, honest, point: settings.clone(), range: settings, levels: (0.1, 0.9) }
}

fn study<'a>(frame: &'a Frame, plan: &'a Plan, threads: usize) -> Study<'a> {
    Study { frame, features: Features::All, plan, folds: 3, seed: 7, threads }
}

#[test]
fn each_row_is_estimated_once_and_well() {
    let (frame, plan) = (deliveries(300), plan());
    let study = study(&frame, &plan, 1);
    let folds = study.held_out().unwrap();
    let mut rows: Vec<u32> = folds.iter().flat_map(|fold| &fold.estimates).map(|(row, _)| *row).collect();
    rows.sort_unstable();
    assert_eq!(rows, (0..300).collect::<Vec<_>>());
    let Scores { mae, rmse, r2, coverage, width, rows } = study.scores(&folds).unwrap();
    assert_eq!(rows, 300);
    assert!(mae < 1.7 && rmse < 2.2 && r2 > 0.85, "{mae} {rmse} {r2}");
    assert!((0.7..=0.95).contains(&coverage) && width < 8.0, "{coverage} {width}");
}

#[test]
fn the_minutes_of_a_held_out_row_cannot_change_its_own_estimate() {
    let (frame, plan) = (deliveries(150), plan());
    let estimate = |frame: &Frame, wanted: u32| {
        let folds = study(frame, &plan, 1).held_out().unwrap();
        let found = folds.iter().flat_map(|fold| &fold.estimates).find(|(row, _)| *row == wanted);
        found.unwrap().1
    };
    let mut odd = frame.clone();
    odd.targets[42] = 999.0;
    assert_eq!(estimate(&frame, 42), estimate(&odd, 42));
    let other = (0..150).filter(|row| *row != 42).find(|row| estimate(&frame, *row) != estimate(&odd, *row));
    assert!(other.is_some(), "rows of the other folds do learn from it");
}

#[test]
fn a_word_that_only_the_held_out_rows_have_is_unknown() {
    let table = Table::read("traffic,minutes\nlow,20\nlow,22\njam,40\nflood,90\n".as_bytes()).unwrap();
    let frame = Frame::read(&table, &Schema::detect(&table, None).unwrap()).unwrap();
    let matrix = Encoder::fit(&frame, Features::All, &[0, 1, 2]).matrix(&frame);
    assert!(matrix.row(3)[0].is_nan(), "{:?}", matrix.row(3));
    assert!(matrix.row(0)[0] < matrix.row(2)[0], "words are ordered by what they led to");
    let mut other = frame.clone();
    other.targets[3] = 5.0;
    let again = Encoder::fit(&other, Features::All, &[0, 1, 2]).matrix(&other);
    assert!((again.row(2)[0] - matrix.row(2)[0]).abs() < f64::EPSILON);
}

#[test]
fn threads_change_nothing_but_the_time() {
    let (frame, plan) = (deliveries(120), plan());
    let estimates = |threads| {
        let folds = study(&frame, &plan, threads).held_out().unwrap();
        let mut estimates: Vec<_> = folds.into_iter().flat_map(|fold| fold.estimates).collect();
        estimates.sort_unstable_by_key(|(row, _)| *row);
        estimates
    };
    assert_eq!(estimates(1), estimates(2));
}

#[test]
fn too_few_rows_are_refused() {
    let (frame, plan) = (deliveries(59), plan());
    let error = study(&frame, &plan, 1).held_out().unwrap_err();
    assert_eq!(error, StudyError::Table(TableError::TooFew { found: 59, needed: 60 }));
    assert!(study(&frame, &plan, 1).train().is_ok());
}
