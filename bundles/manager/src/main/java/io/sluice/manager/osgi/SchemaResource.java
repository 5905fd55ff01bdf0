package io.sluice.manager.osgi;

import io.sluice.http.HttpAnswer;
import io.sluice.http.HttpRead;
import io.sluice.http.HttpResource;
import io.sluice.management.Role;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;

/** The JSON Schema of the configuration document, over HTTP. It says nothing of this gateway, so everybody may read it. */
@Component
public final class SchemaResource implements HttpResource {

    private static final String FILE = "gateway.schema.json";

    @Override
    public String path() {
        return "/schema/gateway.json";
    }

    @Override
    public Optional<Role> role() {
        return Optional.empty();
    }

    @Override
    public HttpAnswer get(HttpRead request) {
        try (InputStream schema = SchemaResource.class.getResourceAsStream(FILE)) {
            return HttpAnswer.ok("application/schema+json", schema.readAllBytes());
        } catch (IOException impossible) {
            throw new UncheckedIOException("the bundle has no " + FILE, impossible);
        }
    }
}
