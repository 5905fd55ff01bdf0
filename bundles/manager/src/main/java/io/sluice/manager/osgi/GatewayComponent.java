package io.sluice.manager.osgi;

import io.sluice.access.AccessControl;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.LayerProvider;
import io.sluice.config.PortalConfig;
import io.sluice.config.ServiceSettings;
import io.sluice.management.Gateway;
import io.sluice.management.ProblemSource;
import io.sluice.management.Transport;
import io.sluice.manager.GatewayManager;
import io.sluice.manager.GatewaySettings;
import io.sluice.manager.Measurements;
import io.sluice.manager.Patience;
import io.sluice.manager.audit.AuditTrail;
import io.sluice.manager.audit.AuditedGateway;
import io.sluice.metrics.MetricSource;
import io.sluice.scsi.target.ScsiTarget;
import io.sluice.volume.VolumeSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives the gateway what comes and goes as services, and offers what it makes as services. */
@Component(
        configurationPid = GatewayComponent.PID,
        service = {},
        immediate = true)
public final class GatewayComponent {

    static final String PID = "io.sluice.manager";
    private static final int MOST_SECONDS = 86_400;
    private static final int MOST_MEGABYTES = 1 << 20;
    private static final int LAST_PORT = 0xFFFF;

    private static final Logger LOG = LoggerFactory.getLogger(GatewayComponent.class);

    /** A logger of its own, so that its lines can have a file of their own. */
    private static final Logger AUDIT = LoggerFactory.getLogger("io.sluice.audit.change");

    /** Stands for a user where nobody but the gateway itself acts. */
    private static final String GATEWAY = "gateway";

    private final GatewayManager manager;
    private final ServiceRegistration<Gateway> registration;
    private final ServiceRegistration<AccessControl> access;
    private final ServiceRegistration<MetricSource> measurements;
    private final AuditTrail trail;
    private final ApiWatch apiWatch;
    private final GatewayBean bean;

    /** Reads the configuration and serves it. */
    @Activate
    public GatewayComponent(BundleContext context, Map<String, Object> values) {
        ServiceSettings config = new ServiceSettings(PID, values);
        String etc = System.getProperty("karaf.etc", "etc");
        Path file =
                Path.of(config.text("configFile", Path.of(etc, "gateway.json").toString()));
        PortalConfig address = PortalConfig.parse(System.getProperty("sluice.portal", "127.0.0.1:3260"));
        PortalConfig portal = new PortalConfig(
                address.host(), address.port(), 1, "", Boolean.getBoolean("sluice.portal.open.to.all"));
        String state = System.getProperty(
                "sluice.state",
                Path.of(System.getProperty("karaf.base", ""), "state").toString());
        VolumeSettings volumes = new VolumeSettings(
                seconds(config, "holdSeconds", 0, VolumeSettings.DEFAULTS.holdTime()),
                VolumeSettings.DEFAULTS.holdLimit(),
                seconds(config, "deadlineSeconds", 1, VolumeSettings.DEFAULTS.deadline()));
        long erasureBytes = config.number("erasureMegabytesPerSecond", 0, MOST_MEGABYTES, 0) * 1_000_000L;
        int firstPort = config.number("firstTargetPort", 1, LAST_PORT, 1);
        config.problems().forEach(problem -> LOG.warn("{}", problem));
        manager = new GatewayManager(
                new GatewaySettings(
                        file,
                        Path.of(state),
                        portal,
                        erasureBytes,
                        volumes,
                        Patience.DEFAULTS,
                        config.problems(),
                        firstPort),
                target -> publish(context, target),
                context.getBundle().getVersion().toString());
        trail = new AuditTrail(Caller::name, AUDIT::info);
        manager.listen(trail::over);
        access = context.registerService(AccessControl.class, manager::rules, new Hashtable<>());
        registration = context.registerService(Gateway.class, new AuditedGateway(manager, trail), new Hashtable<>());
        measurements = context.registerService(MetricSource.class, new Measurements(manager), new Hashtable<>());
        apiWatch = new ApiWatch(context);
        bean = new GatewayBean(manager);
        trail.write(GATEWAY, "start version " + context.getBundle().getVersion(), "done");
    }

    private static Duration seconds(ServiceSettings config, String name, int least, Duration usual) {
        return Duration.ofSeconds(config.number(name, least, MOST_SECONDS, (int) usual.toSeconds()));
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

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addProblemSource(ProblemSource source) {
        manager.reported().add(source);
    }

    void removeProblemSource(ProblemSource source) {
        manager.reported().remove(source);
    }

    @Deactivate
    void close(BundleContext context) {
        context.removeBundleListener(apiWatch);
        bean.close();
        measurements.unregister();
        registration.unregister();
        access.unregister();
        manager.close();
        trail.write(GATEWAY, "stop", "done");
    }
}
