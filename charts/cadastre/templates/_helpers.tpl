{{- define "cadastre.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{/* Labels of one part: (list . "operator") */}}
{{- define "cadastre.labels" -}}
{{- $root := index . 0 -}}
{{ include "cadastre.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version }}
{{- end }}

{{- define "cadastre.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: cadastre
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "cadastre.image" -}}
{{- $root := index . 0 -}}{{- $image := index . 1 -}}
{{ printf "%s:%s" $image.repository (default $root.Chart.AppVersion $image.tag) }}
{{- end }}

{{- define "cadastre.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "cadastre.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{- define "cadastre.mongodbSecret" -}}
{{- if .Values.mongodb.embedded }}{{ include "cadastre.name" . }}-mongodb{{ else }}{{ .Values.mongodb.secretName }}{{ end }}
{{- end }}

{{- define "cadastre.redisSecret" -}}
{{- if .Values.redis.embedded }}{{ include "cadastre.name" . }}-redis{{ else }}{{ .Values.redis.secretName }}{{ end }}
{{- end }}

{{/* A password that is made at the first install and kept by every upgrade: (list . "<secret>" "<key>") */}}
{{- define "cadastre.keptPassword" -}}
{{- $root := index . 0 -}}
{{- $kept := lookup "v1" "Secret" $root.Release.Namespace (index . 1) -}}
{{- if $kept }}{{ index $kept.data (index . 2) | b64dec }}{{ else }}{{ randAlphaNum 40 }}{{ end }}
{{- end }}

{{- define "cadastre.scheduling" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
