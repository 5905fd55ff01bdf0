/** What other bundles add to the HTTP server of the gateway: each registers an {@link io.sluice.http.HttpResource}. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.sluice.http;
