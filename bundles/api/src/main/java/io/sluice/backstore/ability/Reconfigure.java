package io.sluice.backstore.ability;

import io.sluice.backstore.BackstoreContext;
import io.sluice.config.LayerConfig;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/** A layer whose settings can be changed while it is open. */
@ConsumerType
public interface Reconfigure {

    /** Settings that are in force, but not yet in the configuration file. */
    interface Change {

        /** The file has them: those from before are needed no more. */
        CompletionStage<Void> keep();

        /** The file could not be written: those from before count again. */
        CompletionStage<Void> undo();
    }

    /**
     * Takes other settings, with which the layer can be opened from now on as well as with those from before.
     *
     * @param config all of them, those that stay too
     * @param context for the secrets of these settings; not to be used later
     * @return fails with {@code BackstoreException}, whose line says what is wrong; nothing has changed then
     */
    CompletionStage<Change> reconfigure(LayerConfig config, BackstoreContext context);
}
