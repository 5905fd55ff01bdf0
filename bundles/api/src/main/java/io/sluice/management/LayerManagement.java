package io.sluice.management;

import io.sluice.config.ConfigException;
import io.sluice.config.LayerConfig;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The part of the gateway that has to do with layers of backstores. The rules of {@link Gateway} count here too. */
@ProviderType
public interface LayerManagement {

    /** Returns the kinds of layers that can be used now. */
    List<LayerTypeStatus> types();

    /**
     * Puts a layer on top of those that a backstore has. Commands wait meanwhile, and none fails.
     *
     * @param format whether the data of the backstore is given up, if the layer changes blocks; without it, one that has data is
     *     refused
     */
    void add(String backstore, LayerConfig layer, boolean format) throws ConfigException;

    /** Gives a layer other settings: all of them, those that stay too. A layer that can does so while it is in use. */
    void set(String backstore, LayerConfig layer) throws ConfigException;

    /** Takes a layer away that leaves blocks as they are. Commands wait meanwhile, and none fails. */
    void remove(String backstore, String type) throws ConfigException;
}
