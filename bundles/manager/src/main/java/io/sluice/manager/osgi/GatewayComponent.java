package io.sluice.manager.osgi;

import io.sluice.access.AccessControl;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.LayerProvider;
import io.sluice.config.PortalConfig;
import io.sluice.management.Gateway;
import io.sluice.management.Transport;
import io.sluice.manager.GatewayManager;
import io.sluice.manager.Patience;
import io.sluice.manager.audit.AuditTrail;
import io.sluice.manager.audit.AuditedGateway;
import io.sluice.scsi.target.ScsiTarget;
import io.sluice.volume.VolumeSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Dictionary;
import java.util.Hashtable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives the gateway what comes and goes as services, and offers what it makes as services. */
@Component(
        configurationPid = "io.sluice.manager",
        service = {},
        immediate = true)
@Designate(ocd = GatewayComponent.Config.class)
public final class GatewayComponent {

    /** Settings in {@code etc/io.sluice.manager.cfg}. */
    @ObjectClassDefinition(name = "Sluice gateway")
    public @interface Config {
        /** Returns the configuration document; empty means {@code gateway.json} in Karaf's etc. */
        String configFile() default "";

        /** Returns how many megabytes FORMAT UNIT and SANITIZE may overwrite in a second; 0 for no limit. */
        int erasureMegabytesPerSecond() default 0;

        /** Returns how many seconds commands wait for storage that is away or is being replaced. */
        int holdSeconds() default 20;

        /** Returns how many seconds storage has to answer a command; after that the disk is fenced. */
        int deadlineSeconds() default 30;
    }

    /** A logger of its own, so that its lines can have a file of their own. */
    private static final Logger AUDIT = LoggerFactory.getLogger("io.sluice.audit.change");

    /** Stands for a user where nobody but the gateway itself acts. */
    private static final String GATEWAY = "gateway";

    private final GatewayManager manager;
    private final ServiceRegistration<Gateway> registration;
    private final ServiceRegistration<AccessControl> access;
    private final AuditTrail trail;
    private final ApiWatch apiWatch;
    private final GatewayBean bean;

    /** Reads the configuration and serves it. */
    @Activate
    public GatewayComponent(BundleContext context, Config config) {
        String etc = System.getProperty("karaf.etc", "etc");
        Path file = config.configFile().isEmpty() ? Path.of(etc, "gateway.json") : Path.of(config.configFile());
        PortalConfig address = PortalConfig.parse(System.getProperty("sluice.portal", "127.0.0.1:3260"));
        PortalConfig portal = new PortalConfig(
                address.host(), address.port(), 1, "", Boolean.getBoolean("sluice.portal.open.to.all"));
        String state = System.getProperty(
                "sluice.state",
                Path.of(System.getProperty("karaf.base", ""), "state").toString());
        VolumeSettings volumes = new VolumeSettings(
                Duration.ofSeconds(config.holdSeconds()),
                VolumeSettings.DEFAULTS.holdLimit(),
                Duration.ofSeconds(config.deadlineSeconds()));
        manager = new GatewayManager(
                new GatewayManager.Settings(
                        file,
                        Path.of(state),
                        portal,
                        config.erasureMegabytesPerSecond() * 1_000_000L,
                        volumes,
                        Patience.DEFAULTS),
                target -> publish(context, target),
                context.getBundle().getVersion().toString());
        trail = new AuditTrail(Caller::name, AUDIT::info);
        access = context.registerService(AccessControl.class, manager::rules, new Hashtable<>());
        registration = context.registerService(Gateway.class, new AuditedGateway(manager, trail), new Hashtable<>());
        apiWatch = new ApiWatch(context);
        bean = new GatewayBean(manager);
        trail.write(GATEWAY, "start version " + context.getBundle().getVersion(), "done");
    }

    private static Runnable publish(BundleContext context, ScsiTarget target) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("iscsi.name", target.name());
        return context.registerService(ScsiTarget.class, target, properties)::unregister;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addProvider(BackstoreProvider provider) {
        manager.addProvider(provider);
    }

    void removeProvider(BackstoreProvider provider) {
        manager.removeProvider(provider);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addLayer(LayerProvider provider) {
        manager.addLayer(provider);
    }

    void removeLayer(LayerProvider provider) {
        manager.removeLayer(provider);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setTransport(Transport transport) {
        manager.setTransport(transport);
    }

    void unsetTransport(Transport transport) {
        manager.unsetTransport(transport);
    }

    @Deactivate
    void close(BundleContext context) {
        context.removeBundleListener(apiWatch);
        bean.close();
        registration.unregister();
        access.unregister();
        manager.close();
        trail.write(GATEWAY, "stop", "done");
    }
}
