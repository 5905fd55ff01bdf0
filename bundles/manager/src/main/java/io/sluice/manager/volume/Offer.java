package io.sluice.manager.volume;

import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.LayerProvider;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A kind of storage or layer that a bundle offers, with what its provider has said of itself when it came: nobody has to ask
 * it again, and wait, to list it.
 *
 * @param provider who makes it
 * @param type its name
 * @param description one line for users
 * @param options the settings that it understands
 * @param keepsData whether what it makes has its data when it is opened again; of a layer, whether the blocks are the same
 *     without it
 */
public record Offer<P>(P provider, String type, String description, List<BackstoreOption> options, boolean keepsData) {

    private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    public Offer {
        Objects.requireNonNull(provider);
        Objects.requireNonNull(description, "it has no description");
        options = List.copyOf(Objects.requireNonNull(options, "it has no list of options"));
        if (type == null || !TYPE.matcher(type).matches()) {
            throw new IllegalArgumentException("'" + type + "' is no name of a type");
        }
    }

    /** Returns the name of a provider, for logs: of two bundles with the same class only the class loaders differ. */
    public static String name(Object provider) {
        return provider.getClass().getName() + " of " + provider.getClass().getClassLoader();
    }

    /** Asks a bundle with a kind of storage what it offers. */
    public static Offer<BackstoreProvider> of(BackstoreProvider provider) {
        return new Offer<>(provider, provider.type(), provider.description(), provider.options(), provider.keepsData());
    }

    /** Asks a bundle with a kind of layer what it offers. */
    public static Offer<LayerProvider> of(LayerProvider provider) {
        return new Offer<>(
                provider, provider.type(), provider.description(), provider.options(), provider.keepsBlocks());
    }
}
