package io.sluice.manager.osgi;

import io.sluice.backstore.BackstoreProvider;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says of a bundle that was built for another version of the API that it was. The framework says so too, but in words about
 * wirings and filters. Thread-safe.
 */
final class ApiWatch implements BundleListener {

    private static final Logger LOG = LoggerFactory.getLogger(ApiWatch.class);
    private static final String PACKAGE = "osgi.wiring.package";

    private final List<BundleCapability> api;

    /** Looks at the bundles that are there, and at those that come until this is removed from the listeners. */
    ApiWatch(BundleContext context) {
        api = FrameworkUtil.getBundle(BackstoreProvider.class)
                .adapt(BundleRevision.class)
                .getDeclaredCapabilities(PACKAGE);
        context.addBundleListener(this);
        for (Bundle bundle : context.getBundles()) {
            look(bundle);
        }
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.INSTALLED || event.getType() == BundleEvent.UPDATED) {
            look(event.getBundle());
        }
    }

    private void look(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        if (revision == null) {
            return;
        }
        for (BundleRequirement wanted : revision.getDeclaredRequirements(PACKAGE)) {
            for (BundleCapability offered : api) {
                if (isNamed(wanted, offered) && !wanted.matches(offered)) {
                    tell(bundle, offered);
                    return;
                }
            }
        }
    }

    private static boolean isNamed(BundleRequirement wanted, BundleCapability offered) {
        String filter = wanted.getDirectives().getOrDefault("filter", "");
        return filter.contains("(" + PACKAGE + "=" + offered.getAttributes().get(PACKAGE) + ")");
    }

    private static void tell(Bundle bundle, BundleCapability offered) {
        String name = String.valueOf(offered.getAttributes().get(PACKAGE));
        String imports = String.valueOf(bundle.getHeaders().get("Import-Package"));
        Matcher version = Pattern.compile("(?:^|,)\\s*" + Pattern.quote(name) + ";version=\"?([^\"]+)\"?")
                .matcher(imports);
        LOG.error(
                "bundle {} {} was built for version {} of {}, and this gateway has {}: it is not started, get one that"
                        + " was built for this gateway",
                bundle.getSymbolicName(),
                bundle.getVersion(),
                version.find() ? version.group(1) : "(unknown)",
                name,
                offered.getAttributes().get("version"));
    }
}
