{{- define "machtigen.labels" -}}
app.kubernetes.io/name: machtigen
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end }}

{{- define "machtigen.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag }}
{{- end }}

{{- define "machtigen.graph" -}}
{{- if .Values.neo4j.enabled -}}
neo4j://{{ .Release.Name }}-neo4j:7687
{{- else -}}
{{ required "neo4j.uri is needed where neo4j.enabled is false" .Values.neo4j.uri }}
{{- end -}}
{{- end }}

{{- define "machtigen.locked" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities: { drop: [ALL] }
seccompProfile: { type: RuntimeDefault }
{{- end }}
