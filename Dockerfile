# The program alone: static, with its own CA roots and time zones, as nobody.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -tags container,timetzdata -trimpath -ldflags "-s -w" -o /vpsnet-mcp .

FROM scratch
COPY --from=build /vpsnet-mcp /vpsnet-mcp
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/vpsnet-mcp"]
CMD ["--transport", "http,sse", "--listen", "0.0.0.0:8080"]
