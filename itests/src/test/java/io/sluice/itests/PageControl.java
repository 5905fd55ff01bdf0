package io.sluice.itests;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What somebody does at the web page.
 *
 * @param at which page, as behind the address of the server
 * @param button opens a dialog; or sends the form of the page
 * @param values by the names of what is filled in, in this order
 * @param shows what is seen when a form is done; empty for a dialog, which is closed then
 * @param besides lines of the console for what a form does at the same time
 */
record PageControl(String at, String button, Map<String, String> values, String shows, String besides) {

    /** What cannot be done at the page. */
    static final PageControl NONE = new PageControl("", "", Map.of(), "", "");

    /** Returns a button with a dialog, in which names and values are filled in that are given in turn. */
    static PageControl dialog(String at, String button, String... values) {
        return new PageControl(at, button, inTurn(values), "", "");
    }

    /** Returns the form of a page; a field with names and values as for a dialog. */
    static PageControl form(String at, String shows, String besides, String... values) {
        return new PageControl(at, "Create", inTurn(values), shows, besides);
    }

    private static Map<String, String> inTurn(String... values) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i += 2) {
            map.put(values[i], values[i + 1]);
        }
        return map;
    }

    boolean isNone() {
        return equals(NONE);
    }

    boolean isForm() {
        return !shows.isEmpty();
    }
}
