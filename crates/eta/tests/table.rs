//! Files of deliveries, tidy and otherwise.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use eta::table::{Encoder, Features, Frame, Schema, Table, TableError, cell, frame::Values, schema::Kind};

fn read(text: &str) -> Result<Frame, TableError> {
    let table = Table::read(text.as_bytes())?;
    Frame::read(&table, &Schema::detect(&table, None)?)
}

fn numbers<'a>(frame: &'a Frame, name: &str) -> &'a [f64] {
    match &frame.features.iter().find(|feature| feature.name == name).unwrap().values {
        Values::Numbers(numbers) => numbers,
        Values::Words(words) => panic!("{words:?}"),
    }
}

#[test]
fn columns_are_found_by_name_whatever_the_form() {
    let tidy = read("age,weather,time_taken(min)\n30,fog,(min) 24\n31,\"sunny, warm\",(min) 20\n").unwrap();
    let other = "\u{feff}Time_taken (min),weather,age\r\n24 min, Fog,30\r\n20,\"Sunny,  warm\",31.0\r\n";
    let other = read(other).unwrap();
    assert_eq!(tidy.targets, [24.0, 20.0]);
    assert_eq!(tidy.targets, other.targets);
    assert_eq!(numbers(&tidy, "age"), numbers(&other, "age"));
    assert_eq!(tidy.features[1].values, other.features[0].values);
    let fog = vec![Some("fog".to_owned()), Some("sunny, warm".to_owned())];
    assert_eq!(tidy.features[1].values, Values::Words(fog));
}

#[test]
fn what_is_missing_is_unknown() {
    let frame = read("id,age,weather,minutes\na,30,conditions NaN,24\nb,,conditions Fog,\nc,NaN,null,20\n").unwrap();
    assert_eq!(frame.ids, Some(vec!["a".to_owned(), "b".to_owned(), "c".to_owned()]));
    assert_eq!(frame.known(), [0, 2]);
    assert!(numbers(&frame, "age")[1].is_nan() && numbers(&frame, "age")[2].is_nan());
    let words = vec![None, Some("conditions fog".to_owned()), None];
    assert_eq!(frame.features[1].values, Values::Words(words));
}

#[test]
fn a_bad_value_is_named_with_its_line_and_column() {
    let rows = (0..20).map(|age| format!("{age},24\n")).collect::<Vec<_>>().concat();
    let error = read(&format!("age,minutes\n{rows}old,24\n")).unwrap_err();
    assert_eq!(error.to_string(), "line 22, column `age`: `old` is not a number");
    let error = read("age,minutes\n30,24\n\n31,-5\n").unwrap_err();
    assert_eq!(error.to_string(), "line 4, column `minutes`: `-5` is not a number of minutes between 0 and 1440");
    let error = read("age,minutes\r\n30,24\r\n31,-5\r\n").unwrap_err();
    assert!(error.to_string().starts_with("line 3, column `minutes`"), "{error}");
    let error = read("note,minutes\n\"two\nlines\",24\nx,soon\n").unwrap_err();
    assert!(matches!(error, TableError::Value { line: 4, kind: Kind::Minutes, .. }), "{error}");
}

#[test]
fn a_file_that_is_no_table_says_why() {
    let message = |text: &str| read(text).unwrap_err().to_string();
    assert_eq!(message(""), "the file has no rows");
    assert_eq!(message("age,minutes\n"), "the file has no rows");
    assert_eq!(message("age,minutes\n30,24\n30\n"), "line 3: 1 fields, the header has 2");
    assert_eq!(message("age,age,minutes\n1,2,3\n"), "two columns are called `age`");
    assert!(message("age,weather\n1,2\n").starts_with("no column holds the minutes"));
    let latin = Table::read(b"age,minutes\n\xe9,24\n".as_slice()).unwrap_err();
    assert_eq!(latin.to_string(), "line 2: not UTF-8");
}

#[test]
fn the_operator_may_name_the_target() {
    let table = Table::read("age,took\n30,24\n".as_bytes()).unwrap();
    assert_eq!(Schema::detect(&table, Some("Took")).unwrap().target, "took");
    let error = Schema::detect(&table, Some("taken")).unwrap_err().to_string();
    assert_eq!(error, "there is no column `taken`. The file has age, took");
}

#[test]
fn minutes_may_be_dressed_up_but_not_doubtful() {
    assert_eq!(cell::minutes("(min) 24"), Some(24.0));
    assert_eq!(cell::minutes("24.5 minutes"), Some(24.5));
    for doubtful in ["", "soon", "20-30", "20 30", "-3", "1e9", "NaN", "inf", "2000"] {
        assert_eq!(cell::minutes(doubtful), None, "{doubtful}");
    }
}

#[test]
fn distance_waiting_and_weekday_are_computed() {
    let frame = read(
        "Restaurant_latitude,Restaurant_longitude,Delivery_location_latitude,Delivery_location_longitude,Order_Date,\
         Time_Orderd,Time_Order_picked,minutes\n\
         12.97,77.59,12.98,77.60,19-03-2022,23:50:00,00:05:00,24\n\
         0,0,12.98,77.60,20-03-2022,NaN,00:05:00,20\n",
    )
    .unwrap();
    let apart = numbers(&frame, "great-circle distance");
    assert!((apart[0] - 1.55).abs() < 0.01 && apart[1].is_nan(), "{apart:?}");
    let waited = numbers(&frame, "minutes until pickup");
    assert!((waited[0] - 15.0).abs() < f64::EPSILON && waited[1].is_nan(), "{waited:?}");
    assert_eq!(numbers(&frame, "weekday of Order_Date"), [5.0, 6.0]);
    assert!((numbers(&frame, "Time_Orderd")[0] - 1_430.0).abs() < f64::EPSILON);
}

#[test]
fn checkout_does_not_know_the_pickup() {
    let frame = read("pickup_time_minutes,distance,minutes\n5,1.5,24\n10,3,20\n").unwrap();
    let names = |features| Encoder::fit(&frame, features, &[0, 1]).names().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(names(Features::All), ["pickup_time_minutes", "distance"]);
    assert_eq!(names(Features::Checkout), ["distance"]);
}

#[test]
fn a_file_without_minutes_is_read_by_the_schema_of_another() {
    let known = Table::read("age,weather,minutes\n30,fog,24\n".as_bytes()).unwrap();
    let schema = Schema::detect(&known, None).unwrap();
    let other = Table::read("weather,age\nsunny,31\nfog,\n".as_bytes()).unwrap();
    let frame = Frame::read(&other, &schema).unwrap();
    assert_eq!((frame.rows, frame.known().len(), frame.absent.len()), (2, 0, 0));
    let narrow = Table::read("weather\nfog\n".as_bytes()).unwrap();
    assert_eq!(Frame::read(&narrow, &schema).unwrap().absent, ["age"]);
    let bad = Table::read("age\nx\n".as_bytes()).unwrap();
    let error = Frame::read(&bad, &schema).unwrap_err().to_string();
    assert_eq!(error, "line 2, column `age`: `x` is not a number");
}

#[test]
fn names_of_many_are_left_out() {
    let rows = (0..70).map(|number| format!("rider{number},24\n")).collect::<Vec<_>>().concat();
    let frame = read(&format!("rider,minutes\n{rows}")).unwrap();
    let encoder = Encoder::fit(&frame, Features::All, &frame.known());
    assert_eq!(encoder.left_out, ["rider"]);
    assert_eq!(encoder.names().count(), 0);
}
