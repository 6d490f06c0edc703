//! The learner on data whose truth is known.

use eta::learn::{
    Bins, Committee, Estimator, Honest, LearnError, Matrix, Objective, Plan, Sample, Settings, estimator::parts,
    objective::quantile,
};
use proptest::prelude::*;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// Rows of five numbers, of which two matter, and what they lead to.
fn steps(rows: usize, noise: f64, seed: u64) -> (Matrix, Vec<f64>) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut matrix = Matrix::new(5);
    let mut targets = Vec::new();
    for _ in 0..rows {
        let row: [f64; 5] = std::array::from_fn(|_| random.random());
        targets.push(truth(&row) + noise * random.random_range(-1.0..1.0));
        matrix.push(&row);
    }
    (matrix, targets)
}

fn truth(row: &[f64]) -> f64 {
    let far = row[0] > 0.5;
    20.0 + if far { 6.0 } else { 0.0 } + if far && row[1] > 0.3 { 4.0 } else { 0.0 }
}

fn all(matrix: &Matrix) -> Vec<u32> {
    (0..).take(matrix.rows()).collect()
}

fn small() -> Settings {
    Settings { rounds: 40, learning_rate: 0.2, leaves: 8, leaf_rows: 15, patience: 10, ..Settings::default() }
}

fn plan() -> Plan {
    let pilot = Settings { rounds: 8, ..small() };
    let honest = Some(Honest { pilot, strictness: 1.0 });
    Plan { parts: 3, honest, point: small(), range: small(), levels: (0.1, 0.9) }
}

#[test]
fn a_known_function_is_recovered() {
    let (matrix, targets) = steps(600, 2.0, 1);
    let estimator = Estimator::train(&plan(), &matrix, &targets, &all(&matrix), 7).unwrap();
    let (fresh, _) = steps(300, 0.0, 2);
    let errors = (0..fresh.rows()).map(|row| (estimator.estimate(fresh.row(row)).point - truth(fresh.row(row))).abs());
    let mean = errors.sum::<f64>() / 300.0;
    assert!(mean < 0.5, "mean error {mean}, while the noise alone has 1.0");
}

#[test]
fn only_cuts_that_hold_are_kept() {
    let (matrix, targets) = steps(600, 2.0, 3);
    let rows = all(&matrix);
    let sample = Sample::new(&matrix, &targets).unwrap();
    let bins = Bins::fit(&matrix, &rows, 50);
    let chosen = plan().honest.unwrap().choose(&sample, &bins, &parts(&rows, 3, 7), 7).unwrap();
    assert!(bins.cuts(4).len() > 40);
    let noise: usize = (2..5).map(|column| chosen.cuts(column).len()).sum();
    assert!(noise <= 2, "{noise} cuts of columns that say nothing");
    assert!(chosen.cuts(0).iter().any(|cut| (cut - 0.5).abs() < 0.05), "{:?}", chosen.cuts(0));
    assert!(chosen.cuts(1).iter().any(|cut| (cut - 0.3).abs() < 0.05), "{:?}", chosen.cuts(1));
}

#[test]
fn a_range_holds_as_often_as_it_says() {
    let noisy = |rows, seed| {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut matrix = Matrix::new(1);
        let mut targets = Vec::new();
        for _ in 0..rows {
            let load: f64 = random.random();
            matrix.push(&[load]);
            targets.push(10.0 + 10.0 * load + (1.0 + 9.0 * load) * random.random_range(-1.0..1.0));
        }
        (matrix, targets)
    };
    let (matrix, targets) = noisy(1_200, 4);
    let estimator = Estimator::train(&plan(), &matrix, &targets, &all(&matrix), 7).unwrap();
    let (fresh, outcomes) = noisy(2_000, 5);
    let estimates: Vec<_> = (0..fresh.rows()).map(|row| estimator.estimate(fresh.row(row))).collect();
    let held = estimates.iter().zip(&outcomes).filter(|(range, outcome)| (range.low..=range.high).contains(outcome));
    let held = held.count();
    assert!((1_500..=1_720).contains(&held), "{held} of 2000");
    let width = |load: f64| estimator.estimate(&[load]).high - estimator.estimate(&[load]).low;
    assert!(width(0.95) > 2.0 * width(0.05), "a busy hour is less certain: {} and {}", width(0.95), width(0.05));
}

#[test]
fn the_seed_decides_and_nothing_else() {
    let (matrix, targets) = steps(200, 2.0, 6);
    let train = |seed| Estimator::train(&plan(), &matrix, &targets, &all(&matrix), seed).unwrap();
    assert_eq!(train(1), train(1));
    assert_ne!(train(1), train(2));
}

#[test]
fn a_stored_model_says_the_same() {
    let (matrix, targets) = steps(200, 2.0, 7);
    let estimator = Estimator::train(&plan(), &matrix, &targets, &all(&matrix), 7).unwrap();
    let text = serde_json::to_string(&estimator).unwrap();
    let read: Estimator = serde_json::from_str(&text).unwrap();
    for row in (0..matrix.rows()).map(|row| matrix.row(row)).chain([[f64::NAN; 5].as_slice()]) {
        let (before, after) = (estimator.estimate(row), read.estimate(row));
        assert!((before.point - after.point).abs() < 1e-9 && (before.high - after.high).abs() < 1e-9);
    }
}

#[test]
fn what_is_unknown_is_learned_from_too() {
    let mut matrix = Matrix::new(1);
    let mut targets = Vec::new();
    for number in 0..300_u32 {
        let unknown = number % 3 == 0;
        matrix.push(if unknown { &[] } else { &[1.0] });
        targets.push(if unknown { 30.0 } else { 15.0 });
    }
    let sample = Sample::new(&matrix, &targets).unwrap();
    let rows = all(&matrix);
    let bins = Bins::fit(&matrix, &rows, 50);
    let (committee, _) = Committee::train(&small(), &sample, &bins, &parts(&rows, 3, 1), 1).unwrap();
    assert!((committee.predict(&[f64::NAN]) - 30.0).abs() < 0.5, "{}", committee.predict(&[f64::NAN]));
    assert!((committee.predict(&[1.0]) - 15.0).abs() < 0.5, "{}", committee.predict(&[1.0]));
}

#[test]
fn nothing_can_be_learned_from_nothing() {
    let (matrix, targets) = steps(30, 1.0, 8);
    let train = |matrix: &Matrix, targets: &[f64], rows: &[u32]| Estimator::train(&plan(), matrix, targets, rows, 1);
    assert_eq!(train(&Matrix::new(3), &[], &[]), Err(LearnError::Nothing));
    assert_eq!(train(&matrix, &targets, &[]), Err(LearnError::Nothing));
    assert_eq!(train(&matrix, &targets[..7], &[1]), Err(LearnError::Targets { rows: 30, targets: 7 }));
    let mut odd = targets.clone();
    odd[4] = f64::NAN;
    assert_eq!(train(&matrix, &odd, &all(&matrix)), Err(LearnError::NotANumber(4)));
    assert!(train(&matrix, &odd, &[0, 1, 2, 3, 5, 6]).is_ok(), "a row that is not learned from may lack its target");
}

#[test]
fn one_row_is_a_model_of_itself() {
    let mut matrix = Matrix::new(1);
    matrix.push(&[3.0]);
    let estimate = Estimator::train(&plan(), &matrix, &[21.0], &[0], 1).unwrap().estimate(&[99.0]);
    assert!((estimate.point - 21.0).abs() < 1e-9);
}

#[test]
fn losses_have_the_constants_they_are_known_for() {
    let mut values = [1.0, 2.0, 3.0, 4.0, 100.0];
    assert!((quantile(&mut values, 0.5) - 3.0).abs() < f64::EPSILON);
    assert!((quantile(&mut values, 0.125) - 1.5).abs() < f64::EPSILON);
    assert!((quantile(&mut values, 1.0) - 100.0).abs() < f64::EPSILON);
    assert!((Objective::Quantile { level: 0.9 }.loss(1.0, 3.0) - 1.8).abs() < 1e-12);
    assert!((Objective::Quantile { level: 0.9 }.loss(3.0, 1.0) - 0.2).abs() < 1e-12);
    assert!((Objective::Huber { delta: 2.0 }.loss(5.0, 0.0) - 8.0).abs() < 1e-12);
    assert!((Objective::Absolute.loss(5.0, 0.0) - 5.0).abs() < 1e-12);
}

#[test]
fn other_objectives_do_not_follow_outliers() {
    let mut matrix = Matrix::new(1);
    let mut targets = Vec::new();
    for number in 0..200_u32 {
        matrix.push(&[f64::from(number % 2)]);
        let usual = if number % 2 == 0 { 10.0 } else { 20.0 };
        targets.push(if number % 20 < 2 { 500.0 } else { usual });
    }
    let rows = all(&matrix);
    let sample = Sample::new(&matrix, &targets).unwrap();
    let bins = Bins::fit(&matrix, &rows, 50);
    let learned = |objective| {
        let settings = Settings { objective, rounds: 60, ..small() };
        let (committee, _) = Committee::train(&settings, &sample, &bins, &parts(&rows, 1, 1), 1).unwrap();
        [committee.predict(&[0.0]), committee.predict(&[1.0])]
    };
    assert!(learned(Objective::Squared)[0] > 50.0);
    let [even, odd] = learned(Objective::Absolute);
    assert!((even - 10.0).abs() < 0.5 && (odd - 20.0).abs() < 0.5, "{even} {odd}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_range_holds_its_point(row in prop::collection::vec(prop::num::f64::ANY, 0..7)) {
        static TRAINED: std::sync::OnceLock<Estimator> = std::sync::OnceLock::new();
        let estimator = TRAINED.get_or_init(|| {
            let (matrix, targets) = steps(150, 2.0, 9);
            Estimator::train(&plan(), &matrix, &targets, &all(&matrix), 7).unwrap()
        });
        let estimate = estimator.estimate(&row);
        prop_assert!(estimate.low <= estimate.point && estimate.point <= estimate.high);
        prop_assert!(estimate.low > 0.0 && estimate.high < 60.0);
    }
}
