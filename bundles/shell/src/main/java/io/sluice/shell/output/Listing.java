package io.sluice.shell.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/** Many things of a kind, or one thing with its properties; printed for people or as JSON. */
public final class Listing {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Item> items = new ArrayList<>();
    private final boolean single;
    private final String empty;

    private Listing(boolean single, String empty) {
        this.single = single;
        this.empty = empty;
    }

    /**
     * Begins a list, in which all items have the same labels.
     *
     * @param empty what is printed for people when there is nothing
     */
    public static Listing list(String empty) {
        return new Listing(false, empty);
    }

    /** Shows one thing. */
    public static Listing of(Item item) {
        Listing listing = new Listing(true, "");
        listing.items.add(item);
        return listing;
    }

    /** Begins the next thing of a list. */
    public Item add() {
        Item item = new Item();
        items.add(item);
        return item;
    }

    /** Prints it for people: wrapped to the width of a terminal, and never wrapped elsewhere. */
    public void print(Console console) {
        if (items.isEmpty()) {
            console.out().println(empty);
            return;
        }
        List<String> labels = items.get(0).labels();
        if (single) {
            Table properties = new Table(console);
            List<List<String>> texts = items.get(0).texts();
            for (int i = 0; i < labels.size(); i++) {
                properties.row(List.of(List.of(labels.get(i)), texts.get(i)));
            }
            properties.print();
        } else {
            Table table = new Table(console).header(labels);
            items.forEach(item -> table.row(item.texts().stream()
                    .map(lines -> console.atTerminal() ? lines : List.of(String.join(", ", lines)))
                    .toList()));
            table.print();
        }
    }

    /** Prints it for programs: one line of JSON. */
    public void printJson(Console console) {
        try {
            console.out()
                    .println(JSON.writeValueAsString(
                            single
                                    ? items.get(0).json()
                                    : items.stream().map(Item::json).toList()));
        } catch (JsonProcessingException bug) {
            throw new IllegalStateException("a value cannot be written as JSON", bug);
        }
    }
}
