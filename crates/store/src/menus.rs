//! Menus: sections, items, groups of options, options. Reads come in four flat lists, put together by the caller.

use domain::id::{MenuItemId, OptionGroupId, OptionId, RestaurantId, SectionId};

use crate::{record::records, statements};

statements! {
    /// Adds a section.
    INSERT_SECTION = "INSERT INTO menu_sections (id, city_id, restaurant_id, name, position) \
        VALUES ($1, $2, $3, $4, $5)";
    /// Adds an item.
    INSERT_ITEM = "INSERT INTO menu_items (id, city_id, restaurant_id, section_id, name, description, price_paise, \
        packing_paise, veg_mark, allergens, popular, stock_left, position) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    /// Adds a group of options.
    INSERT_GROUP = "INSERT INTO option_groups (id, city_id, restaurant_id, item_id, name, kind, min_count, max_count, \
        position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// Adds an option.
    INSERT_OPTION = "INSERT INTO menu_options (id, city_id, restaurant_id, group_id, name, price_paise, veg_mark, \
        position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// Sections of a restaurant in order of display.
    LIST_SECTIONS = "SELECT id, name FROM menu_sections WHERE restaurant_id = $1 ORDER BY position, id";
    /// Items of a restaurant in order of display.
    LIST_ITEMS = "SELECT id, section_id, name, description, price_paise, packing_paise, veg_mark, allergens, popular, \
        sold_out, sold_out_until, stock_left FROM menu_items \
        WHERE restaurant_id = $1 AND deleted_at IS NULL ORDER BY position, id";
    /// The dishes of a restaurant, and those that left its menu after a moment.
    LIST_ITEM_IDS = "SELECT id FROM menu_items WHERE restaurant_id = $1 AND (deleted_at IS NULL OR deleted_at > $2)";
    /// Groups of a restaurant in order of display.
    LIST_GROUPS = "SELECT id, item_id, name, kind, min_count AS min, max_count AS max FROM option_groups \
        WHERE restaurant_id = $1 ORDER BY position, id";
    /// Options of a restaurant in order of display.
    LIST_OPTIONS = "SELECT id, group_id, name, price_paise, veg_mark, sold_out, sold_out_until FROM menu_options \
        WHERE restaurant_id = $1 ORDER BY position, id";
    /// The restaurant of an item.
    FIND_ITEM_RESTAURANT = "SELECT restaurant_id FROM menu_items WHERE id = $1 AND deleted_at IS NULL";
    /// The restaurant and item of an option.
    FIND_OPTION_OWNER = "SELECT o.restaurant_id, g.item_id FROM menu_options o \
        JOIN option_groups g ON g.id = o.group_id JOIN menu_items i ON i.id = g.item_id \
        WHERE o.id = $1 AND i.deleted_at IS NULL";
    /// Takes an item off sale or puts it back.
    SET_ITEM_ON_SALE = "UPDATE menu_items SET sold_out = $2, sold_out_until = $3 \
        WHERE id = $1 AND deleted_at IS NULL";
    /// Takes an option off sale or puts it back.
    SET_OPTION_ON_SALE = "UPDATE menu_options SET sold_out = $2, sold_out_until = $3 WHERE id = $1";
    /// Changes an item, all but its section, its count and its choices.
    UPDATE_ITEM = "UPDATE menu_items SET name = $2, description = $3, price_paise = $4, packing_paise = $5, \
        veg_mark = $6, allergens = $7, popular = $8 WHERE id = $1 AND deleted_at IS NULL";
    /// Puts an item into another section.
    MOVE_ITEM = "UPDATE menu_items SET section_id = $2, position = $3 WHERE id = $1 AND deleted_at IS NULL";
    /// Says how many pieces of an item are left, or that nobody counts them.
    SET_STOCK = "UPDATE menu_items SET stock_left = $2 WHERE id = $1 AND deleted_at IS NULL";
    /// Removes the options of an item.
    DELETE_OPTIONS = "DELETE FROM menu_options WHERE group_id IN (SELECT id FROM option_groups WHERE item_id = $1)";
    /// Removes the groups of an item, whose options are gone already.
    DELETE_GROUPS = "DELETE FROM option_groups WHERE item_id = $1";
    /// The place after a restaurant's last section.
    NEXT_SECTION_POSITION = "SELECT CAST(COALESCE(MAX(position) + 1, 0) AS BIGINT) FROM menu_sections \
        WHERE restaurant_id = $1";
    /// The place after a section's last item.
    NEXT_ITEM_POSITION = "SELECT CAST(COALESCE(MAX(position) + 1, 0) AS BIGINT) FROM menu_items WHERE section_id = $1";
    /// Takes an item off the menu; orders keep referring to it.
    DELETE_ITEM = "UPDATE menu_items SET deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL";
    /// Takes a whole menu off.
    DELETE_ITEMS = "UPDATE menu_items SET deleted_at = $2 WHERE restaurant_id = $1 AND deleted_at IS NULL";
    /// Takes pieces of a counted item; no row where too few are left.
    TAKE_STOCK = "UPDATE menu_items SET stock_left = stock_left - $2 \
        WHERE id = $1 AND deleted_at IS NULL AND stock_left >= $2";
    /// Puts pieces of a counted item back.
    RETURN_STOCK = "UPDATE menu_items SET stock_left = stock_left + $2 WHERE id = $1 AND stock_left IS NOT NULL";
}

records! {
    /// A row of `menu_sections`.
    SectionRow {
        /// Its id.
        id: SectionId,
        /// Its heading.
        name: String,
    }

    /// A row of `menu_items`.
    ItemRow {
        /// Its id.
        id: MenuItemId,
        /// Its section.
        section_id: SectionId,
        /// Its name.
        name: String,
        /// What it is.
        description: Option<String>,
        /// Price of one.
        price_paise: i64,
        /// Packing charge of one.
        packing_paise: i64,
        /// The mark beside it.
        veg_mark: String,
        /// JSON list of words.
        allergens: String,
        /// Ordered often.
        popular: bool,
        /// Taken off by hand.
        sold_out: bool,
        /// Returns by itself then.
        sold_out_until: Option<i64>,
        /// Pieces left, where counted.
        stock_left: Option<i64>,
    }

    /// A row of `option_groups`.
    GroupRow {
        /// Its id.
        id: OptionGroupId,
        /// Its item.
        item_id: MenuItemId,
        /// The question.
        name: String,
        /// `variant` or `modifier`.
        kind: String,
        /// Fewest.
        min: i64,
        /// Most.
        max: i64,
    }

    /// A row of `menu_options`.
    OptionRow {
        /// Its id.
        id: OptionId,
        /// Its group.
        group_id: OptionGroupId,
        /// Its name.
        name: String,
        /// Added to the item's price.
        price_paise: i64,
        /// The mark beside it.
        veg_mark: String,
        /// Taken off by hand.
        sold_out: bool,
        /// Returns by itself then.
        sold_out_until: Option<i64>,
    }

    /// To which restaurant and item an option belongs.
    OptionOwnerRow {
        /// The restaurant.
        restaurant_id: RestaurantId,
        /// The item.
        item_id: MenuItemId,
    }
}
