//! Menus as they are sent and received.

use app::Ctx;
use domain::{
    menu::{GroupKind, Menu, MenuItem, MenuOption, OnSale, OptionGroup, Section, VegMark},
    money::Paise,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::words;

/// A menu.
#[derive(Debug, Serialize, ToSchema)]
pub struct MenuResponse {
    restaurant_id: Uuid,
    /// Grows with every change.
    menu_version: i64,
    sections: Vec<SectionResponse>,
}

/// A part of a menu.
#[derive(Debug, Serialize, ToSchema)]
pub struct SectionResponse {
    id: Uuid,
    name: String,
    items: Vec<MenuItemResponse>,
}

/// A dish.
#[derive(Debug, Serialize, ToSchema)]
pub struct MenuItemResponse {
    id: Uuid,
    name: String,
    description: Option<String>,
    price_paise: i64,
    available: bool,
    /// When it comes back by itself.
    #[schema(value_type = Option<String>, format = DateTime)]
    unavailable_until: Option<Timestamp>,
    /// Pieces left, where they are counted.
    stock_left: Option<i64>,
    /// `veg`, `egg` or `non_veg`.
    #[schema(value_type = words::VegMark)]
    veg_mark: &'static str,
    allergens: Vec<String>,
    packing_paise: i64,
    /// Ordered often.
    popular: bool,
    option_groups: Vec<GroupResponse>,
}

/// A choice of `min` to `max` options.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupResponse {
    id: Uuid,
    name: String,
    /// `variant` or `modifier`.
    #[schema(value_type = words::OptionGroupKind)]
    kind: &'static str,
    min: i64,
    max: i64,
    options: Vec<OptionResponse>,
}

/// One answer to a choice.
#[derive(Debug, Serialize, ToSchema)]
pub struct OptionResponse {
    id: Uuid,
    name: String,
    /// Added to the dish's price.
    price_paise: i64,
    available: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    unavailable_until: Option<Timestamp>,
    #[schema(value_type = words::VegMark)]
    veg_mark: &'static str,
}

impl MenuResponse {
    /// A menu as it stands at a moment.
    pub fn of(menu: &Menu, now: Timestamp) -> Self {
        let section = |section: &Section| SectionResponse {
            id: section.id.into(),
            name: section.name.clone(),
            items: section.items.iter().map(|item| MenuItemResponse::of(item, now)).collect(),
        };
        Self {
            restaurant_id: menu.restaurant_id.into(),
            menu_version: menu.version,
            sections: menu.sections.iter().map(section).collect(),
        }
    }
}

impl MenuItemResponse {
    /// A dish as it stands at a moment.
    pub fn of(item: &MenuItem, now: Timestamp) -> Self {
        Self {
            id: item.id.into(),
            name: item.name.clone(),
            description: item.description.clone(),
            price_paise: item.price.0,
            available: item.on_sale.available(now),
            unavailable_until: back_at(&item.on_sale, now),
            stock_left: item.on_sale.stock_left,
            veg_mark: item.veg_mark.as_str(),
            allergens: item.allergens.clone(),
            packing_paise: item.packing.0,
            popular: item.popular,
            option_groups: item.option_groups.iter().map(|group| GroupResponse::of(group, now)).collect(),
        }
    }
}

impl GroupResponse {
    fn of(group: &OptionGroup, now: Timestamp) -> Self {
        let option = |option: &MenuOption| OptionResponse {
            id: option.id.into(),
            name: option.name.clone(),
            price_paise: option.price.0,
            available: option.on_sale.available(now),
            unavailable_until: back_at(&option.on_sale, now),
            veg_mark: option.veg_mark.as_str(),
        };
        Self {
            id: group.id.into(),
            name: group.name.clone(),
            kind: group.kind.as_str(),
            min: group.min,
            max: group.max,
            options: group.options.iter().map(option).collect(),
        }
    }
}

fn back_at(on_sale: &OnSale, now: Timestamp) -> Option<Timestamp> {
    on_sale.off_until.filter(|until| on_sale.off && *until > now)
}

/// A whole new menu.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutMenuRequest {
    sections: Vec<NewSectionRequest>,
}

/// A part of a new menu.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSectionRequest {
    name: String,
    items: Vec<NewItemRequest>,
}

/// A new dish.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewItemRequest {
    name: String,
    description: Option<String>,
    price_paise: i64,
    #[serde(default)]
    packing_paise: i64,
    /// `veg`, `egg` or `non_veg`.
    #[schema(value_type = words::VegMark)]
    veg_mark: VegMark,
    #[serde(default)]
    allergens: Vec<String>,
    stock_left: Option<i64>,
    #[serde(default)]
    popular: bool,
    #[serde(default)]
    option_groups: Vec<NewGroupRequest>,
}

/// A new choice.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGroupRequest {
    name: String,
    /// `variant` (exactly one) or `modifier`.
    #[schema(value_type = words::OptionGroupKind)]
    kind: GroupKind,
    min: i64,
    max: i64,
    options: Vec<NewOptionRequest>,
}

/// A new answer to a choice.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOptionRequest {
    name: String,
    #[serde(default)]
    price_paise: i64,
    /// `veg`, `egg` or `non_veg`.
    #[schema(value_type = words::VegMark)]
    veg_mark: VegMark,
}

impl PutMenuRequest {
    /// The sections with new ids.
    pub fn sections(self, ctx: &Ctx) -> Vec<Section> {
        let section = |section: NewSectionRequest| Section {
            id: ctx.id(),
            name: section.name,
            items: section.items.into_iter().map(|item| item.item(ctx)).collect(),
        };
        self.sections.into_iter().map(section).collect()
    }
}

impl NewItemRequest {
    fn item(self, ctx: &Ctx) -> MenuItem {
        MenuItem {
            id: ctx.id(),
            name: self.name,
            description: self.description,
            price: Paise(self.price_paise),
            packing: Paise(self.packing_paise),
            veg_mark: self.veg_mark,
            allergens: self.allergens,
            on_sale: OnSale { stock_left: self.stock_left, ..OnSale::ALWAYS },
            popular: self.popular,
            option_groups: NewGroupRequest::groups(self.option_groups, ctx),
        }
    }
}

impl NewGroupRequest {
    /// Groups with new ids.
    pub fn groups(groups: Vec<Self>, ctx: &Ctx) -> Vec<OptionGroup> {
        groups.into_iter().map(|group| group.group(ctx)).collect()
    }

    fn group(self, ctx: &Ctx) -> OptionGroup {
        let option = |option: NewOptionRequest| MenuOption {
            id: ctx.id(),
            name: option.name,
            price: Paise(option.price_paise),
            veg_mark: option.veg_mark,
            on_sale: OnSale::ALWAYS,
        };
        let options = self.options.into_iter().map(option).collect();
        OptionGroup { id: ctx.id(), name: self.name, kind: self.kind, min: self.min, max: self.max, options }
    }
}
