package io.sluice.manager.osgi;

import io.sluice.management.BackstoreStatus;
import io.sluice.management.Gateway;
import io.sluice.management.SessionStatus;
import io.sluice.management.TargetStatus;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway in the platform's MBean server, from when it is made until it is closed. */
final class GatewayBean implements GatewayMXBean, AutoCloseable {

    /** Its name there. */
    static final String NAME = "io.sluice:type=Gateway";

    private static final Logger LOG = LoggerFactory.getLogger(GatewayBean.class);

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final Gateway gateway;

    GatewayBean(Gateway gateway) {
        this.gateway = gateway;
        try {
            server.registerMBean(this, new ObjectName(NAME));
        } catch (JMException refused) {
            LOG.warn("there is no {} for JMX: {}", NAME, refused.getMessage(), refused);
        }
    }

    @Override
    public String getVersion() {
        return gateway.status().version();
    }

    @Override
    public long getUptimeSeconds() {
        return gateway.status().uptime().toSeconds();
    }

    @Override
    public List<String> getProblems() {
        return gateway.status().problems();
    }

    @Override
    public Map<String, BackstoreView> getBackstores() {
        Map<String, BackstoreView> views = new TreeMap<>();
        gateway.backstores().forEach(status -> views.put(status.config().name(), new OneBackstore(status)));
        return views;
    }

    @Override
    public Map<String, TargetView> getTargets() {
        Map<String, TargetView> views = new TreeMap<>();
        gateway.targets().forEach(status -> views.put(status.config().name().toString(), new OneTarget(status)));
        return views;
    }

    @Override
    public Map<Integer, SessionView> getSessions() {
        Map<Integer, SessionView> views = new TreeMap<>();
        gateway.sessions().forEach(status -> views.put(status.id(), new OneSession(status)));
        return views;
    }

    @Override
    public void close() {
        try {
            ObjectName name = new ObjectName(NAME);
            if (server.isRegistered(name)) {
                server.unregisterMBean(name);
            }
        } catch (JMException refused) {
            LOG.warn("{} is left behind in JMX: {}", NAME, refused.getMessage(), refused);
        }
    }

    private record OneBackstore(BackstoreStatus status) implements BackstoreView {

        @Override
        public String getType() {
            return status.config().type();
        }

        @Override
        public long getSizeBytes() {
            return status.config().sizeBytes();
        }

        @Override
        public String getState() {
            return status.state().name().toLowerCase(Locale.ROOT);
        }

        @Override
        public String getProblem() {
            return status.problem();
        }

        @Override
        public long getReads() {
            return status.traffic().reads();
        }

        @Override
        public long getWrites() {
            return status.traffic().writes();
        }

        @Override
        public long getReadBytes() {
            return status.traffic().readBytes();
        }

        @Override
        public long getWrittenBytes() {
            return status.traffic().writtenBytes();
        }

        @Override
        public long getErrors() {
            return status.traffic().errors();
        }
    }

    private record OneTarget(TargetStatus status) implements TargetView {

        @Override
        public boolean isEnabled() {
            return status.config().enabled();
        }

        @Override
        public int getLuns() {
            return status.config().luns().size();
        }

        @Override
        public int getSessions() {
            return status.sessions();
        }
    }

    private record OneSession(SessionStatus status) implements SessionView {

        @Override
        public String getInitiator() {
            return status.initiator();
        }

        @Override
        public String getTarget() {
            return status.target();
        }

        @Override
        public String getRemote() {
            return status.remote();
        }

        @Override
        public long getCommands() {
            return status.commands();
        }

        @Override
        public long getReadBytes() {
            return status.readBytes();
        }

        @Override
        public long getWrittenBytes() {
            return status.writtenBytes();
        }
    }
}
