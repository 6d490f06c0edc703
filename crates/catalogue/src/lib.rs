//! What is known about restaurants before anybody has typed it: lists from elsewhere, and menus to begin with.
//!
//! A file of restaurants is read in steps, each a module: [`records`] (bytes to fields), [`columns`] (which field is
//! where), [`rows`] (one record to one restaurant, or the reasons why not), [`atlas`] (its town and its point), [`zones`]
//! (delivery zones for towns that have none). [`menus`] proposes a menu by cuisine. Everything here is pure: no I/O, no
//! clock; what looks random follows from names.

pub mod atlas;
pub mod columns;
pub mod gazetteer;
pub mod menus;
pub mod numbers;
pub mod records;
pub mod rows;
pub mod text;
pub mod zones;
