package io.sluice.manager.audit;

import io.sluice.config.ConfigException;
import io.sluice.config.LayerConfig;
import io.sluice.management.LayerManagement;
import io.sluice.management.LayerTypeStatus;
import java.util.List;
import java.util.TreeSet;

/** Writes down every change of layers; of options the keys alone. */
final class AuditedLayers implements LayerManagement {

    private final LayerManagement layers;
    private final AuditTrail trail;

    AuditedLayers(LayerManagement layers, AuditTrail trail) {
        this.layers = layers;
        this.trail = trail;
    }

    @Override
    public List<LayerTypeStatus> types() {
        return layers.types();
    }

    @Override
    public void add(String backstore, LayerConfig layer, boolean format) throws ConfigException {
        trail.order(
                "put layer " + words(layer) + " on backstore " + backstore + (format ? ", whose data is given up" : ""),
                () -> layers.add(backstore, layer, format));
    }

    @Override
    public void set(String backstore, LayerConfig layer) throws ConfigException {
        trail.order("set layer " + words(layer) + " of backstore " + backstore, () -> layers.set(backstore, layer));
    }

    @Override
    public void remove(String backstore, String type) throws ConfigException {
        trail.order("take layer " + type + " off backstore " + backstore, () -> layers.remove(backstore, type));
    }

    private static String words(LayerConfig layer) {
        return layer.options().isEmpty()
                ? layer.type()
                : layer.type() + " with "
                        + String.join(", ", new TreeSet<>(layer.options().keySet()));
    }
}
